import type { Thumb } from '../../../shared/frame.ts';
import type { Segmenter } from '../segmenter/segmenter.ts';
import type { TrayEvent } from '../tray-event.ts';
import type { Tray } from '../tray.ts';
import { createSegmentedTray } from './segmented-tray.ts';
import type { SegmentedTray } from './segmented-tray.ts';

export interface JoinedTrayParts {
  /** Tells how well the camera sees; and what lies there, once the model has failed. */
  readonly rules: Pick<Tray, 'see'>;
  readonly segmenter: Pick<Segmenter, 'segment'>;
  /** Told once, where the model has failed: from then on the rules alone are asked. */
  readonly onFault: (error: unknown) => void;
}

export interface JoinedTray {
  /** What the model made of earlier pictures is told with the next one. */
  readonly see: (thumb: Thumb) => readonly TrayEvent[];
  /** Resolves when all pictures that were shown are looked at, or were passed over for newer ones. */
  readonly idle: () => Promise<void>;
}

/** What is told of things, and not of the camera's sight. */
const ofThings: ReadonlySet<TrayEvent['kind']> = new Set(['resting', 'placed', 'moved', 'removed']);

/** A tray whose things the model tells, from the newest picture each time that it is free. */
export function createJoinedTray({ rules, segmenter, onFault }: JoinedTrayParts): JoinedTray {
  let tray: SegmentedTray | null = null;
  let size = '';
  let lastId = 0;
  let isBlind = false;
  let hasFailed = false;
  let newest: Thumb | null = null;
  let looking: Promise<void> | null = null;
  let told: TrayEvent[] = [];

  /** Things that lay there in another size of picture are told anew; the ids go on. */
  const trayFor = ({ width, height, chroma }: Thumb): SegmentedTray => {
    const planes = chroma === undefined ? 1 : 3;
    const wanted = `${width}×${height}×${planes}`;
    if (tray === null || size !== wanted) {
      tray?.placements().forEach(({ placementId, region }) => {
        told.push({ kind: 'removed', placementId, region, atMs: newest?.atMs ?? 0 });
      });
      tray = createSegmentedTray({ width, height, planes }, () => `s${(lastId += 1)}`);
      size = wanted;
    }
    return tray;
  };

  const lookAtNewest = async (): Promise<void> => {
    for (let thumb = newest; thumb !== null && !hasFailed; thumb = newest) {
      const current = trayFor(thumb);
      newest = null;
      const accepted = current.accepted();
      if (accepted === null) {
        current.learn(thumb);
        continue;
      }
      try {
        // oxlint-disable-next-line no-await-in-loop -- each is held against what the last left accepted.
        const segmentation = await segmenter.segment(thumb, accepted);
        told.push(...current.see(thumb, segmentation));
      } catch (error) {
        hasFailed = true;
        onFault(error);
      }
    }
  };

  const begin = (): void => {
    looking ??= lookAtNewest().then(() => {
      looking = null;
      if (newest !== null && !hasFailed) begin();
    });
  };

  return {
    see(thumb) {
      const said = rules.see(thumb);
      if (hasFailed) return said;
      for (const { kind } of said) {
        if (kind === 'blind') isBlind = true;
        if (kind === 'seeing') isBlind = false;
      }
      if (!isBlind) {
        newest = thumb;
        begin();
      }
      const events = [...said.filter(({ kind }) => !ofThings.has(kind)), ...told];
      told = [];
      return events;
    },
    async idle() {
      // oxlint-disable-next-line no-await-in-loop -- one begins where another ends.
      while (looking !== null) await looking;
    },
  };
}
