import type { Thumb } from '../../../shared/frame.ts';
import type { Segmenter } from '../segmenter/segmenter.ts';
import type { Placement } from '../tracker.ts';
import type { Say, TrayEvent } from '../tray-event.ts';
import type { TrayOptions } from '../tray-options.ts';
import type { Tray } from '../tray.ts';
import { handOver, idsOf, retold } from './hand-over.ts';
import type { ToldAs } from './hand-over.ts';
import { createSegmentedTray } from './segmented-tray.ts';
import type { SegmentedTray } from './segmented-tray.ts';

export interface JoinedTrayParts {
  /** Tells how well the camera sees; and what lies there, once the model has failed. */
  readonly rules: Tray;
  readonly segmenter: Pick<Segmenter, 'segment'>;
  /** Where the tray lies in the picture. */
  readonly corners: TrayOptions['corners'];
  /** Told once, where the model has failed: from then on the rules alone are asked. */
  readonly onFault: (error: unknown) => void;
}

/** A tray that tells some of what a picture shows only when the model has answered. */
export interface JoinedTray {
  /**
   * Tells of the camera's sight at once, and of things as soon as the model has answered. Of pictures
   * that come meanwhile only the newest is looked at.
   */
  readonly see: (thumb: Thumb, say: Say) => void;
  /** As a tray's; what the model has not answered yet is passed over. */
  readonly reset: Tray['reset'];
  /** What lies on the tray, by the ids that it was told by. */
  readonly placements: Tray['placements'];
  /** Resolves when all pictures that were shown are looked at, or were passed over for newer ones. */
  readonly idle: () => Promise<void>;
  /** Nothing is told any more. */
  readonly stop: () => void;
}

/** A picture, and who is told what it shows. */
interface Shown {
  readonly thumb: Thumb;
  readonly say: Say;
}

/** What is told of things, and not of the camera's sight. */
const ofThings: ReadonlySet<TrayEvent['kind']> = new Set(['resting', 'placed', 'moved', 'removed']);

/**
 * A tray whose things the model tells, from the newest picture each time that it is free.
 *
 *   thumb ─▶ rules ─┬─ blind, impaired, disturbed … ───────────────────────────────▶ say
 *                   └─ without bands ─▶ (newest) ─▶ segmenter ─▶ segmented tray ───▶ say
 *                                                       │       placed, removed …
 *                                                     fails ─▶ the rules' things go
 *                                                              over to what was told ─▶ say
 */
export function createJoinedTray(parts: JoinedTrayParts): JoinedTray {
  const { rules, segmenter, corners, onFault } = parts;
  let tray: SegmentedTray | null = null;
  let size = '';
  let lastId = 0;
  let lastMs = 0;
  let isBlind = false;
  let isStopped = false;
  /** Set once the model has failed. */
  let toldAs: ToldAs | null = null;
  let newest: Shown | null = null;
  let looking: Promise<void> | null = null;
  /** What was asked before a reset is not answered after it. */
  let resets = 0;

  /** Things that lay there in another size of picture are told anew; the ids go on. */
  const trayFor = ({ thumb, say }: Shown): SegmentedTray => {
    const { width, height, chroma, atMs } = thumb;
    const planes = chroma === undefined ? 1 : 3;
    const wanted = `${width}×${height}×${planes}`;
    if (tray === null || size !== wanted) {
      tray?.placements().forEach(({ placementId, region }) => {
        say({ kind: 'removed', placementId, region, atMs });
      });
      tray = createSegmentedTray({ width, height, planes }, () => `s${(lastId += 1)}`, { corners });
      size = wanted;
    }
    return tray;
  };

  const fail = (error: unknown, say: Say): void => {
    newest = null;
    const over = handOver(tray?.placements() ?? [], rules.placements(), lastMs);
    ({ toldAs } = over);
    onFault(error);
    over.events.forEach(say);
  };

  const lookAt = async (shown: Shown): Promise<void> => {
    const { thumb, say } = shown;
    const current = trayFor(shown);
    const accepted = current.accepted();
    if (accepted === null) {
      current.learn(thumb);
      return;
    }
    const resetsBefore = resets;
    let events: readonly TrayEvent[] = [];
    try {
      const segmentation = await segmenter.segment(thumb, accepted);
      if (isStopped || resets !== resetsBefore) return;
      events = current.see(thumb, segmentation);
    } catch (error) {
      // A segmenter that is closed fails what it was asked.
      if (!isStopped) fail(error, say);
    }
    events.forEach(say);
  };

  const lookAtNewest = async (): Promise<void> => {
    try {
      for (let shown = newest; shown !== null; shown = newest) {
        newest = null;
        // oxlint-disable-next-line no-await-in-loop -- each is held against what the last left accepted.
        await lookAt(shown);
      }
    } finally {
      looking = null;
    }
  };

  const placements = (): readonly Placement[] => {
    if (toldAs === null) return tray?.placements() ?? [];
    const ids = toldAs;
    return rules
      .placements()
      .flatMap((one) =>
        idsOf(one, ids).map((placementId) => ({ placementId, region: one.region })),
      );
  };

  return {
    see(thumb, say) {
      if (isStopped) return;
      lastMs = thumb.atMs;
      const said = rules.see(thumb);
      if (toldAs !== null) {
        const ids = toldAs;
        said.flatMap((event) => retold(event, ids)).forEach(say);
        return;
      }
      for (const { kind } of said) {
        if (kind === 'blind') isBlind = true;
        if (kind === 'seeing') isBlind = false;
      }
      newest = isBlind ? null : { thumb: rules.withoutBands(thumb), say };
      said.filter(({ kind }) => !ofThings.has(kind)).forEach(say);
      if (newest !== null) looking ??= lookAtNewest();
    },
    reset(options = {}) {
      rules.reset(options);
      resets += 1;
      newest = null;
      const keeps = options.keepPlacements === true;
      // What was half learned is learned anew.
      if (!keeps || tray?.accepted() === null) tray = null;
      if (keeps) return;
      isBlind = false;
      if (toldAs !== null) toldAs = new Map();
    },
    placements,
    async idle() {
      await looking;
    },
    stop() {
      isStopped = true;
      newest = null;
    },
  };
}
