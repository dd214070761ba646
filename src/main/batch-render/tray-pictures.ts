import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScenePose } from '../../shared/capture.ts';
import { scene } from '../../shared/contracts/scene.ts';
import { demoProducts } from '../../shared/demo-products.ts';
import type { Region } from '../../shared/frame.ts';
import { heeding } from '../ipc/heeding.ts';
import type { ScenePort } from '../camera/tray/tray-camera.ts';
import { sceneForPoses } from './photograph.ts';
import { seededRandom } from '../../shared/seeded-random.ts';
import { randomLight } from './placement-set.ts';

/** A whole tray to photograph, to teach where things lie on it or to test what was learnt. */
export interface TrayPicture {
  readonly use: 'train' | 'test';
  readonly pose: ScenePose;
}

/** What lies beside the pictures, each named by its seed; it is written last. */
export type TrayPictures = readonly {
  readonly use: TrayPicture['use'];
  readonly file: string;
  readonly things: readonly { readonly thingId: string; readonly region: Region }[];
}[];

const trainingTrays = 96;
const testTrays = 60;
const fewestThings = 2;
const mostThings = 5;

/** Random trays of two to five products; of what is tested, no placement was trained on. */
export function trayPictureSet(seed: number): readonly TrayPicture[] {
  const random = seededRandom(seed);
  let dealt: string[] = [];
  // Dealt like cards, so that every product comes as often as any other.
  const next = (): string => {
    if (dealt.length === 0) {
      dealt = demoProducts
        .map(({ id }) => ({ id, order: random() }))
        .toSorted((a, b) => a.order - b.order)
        .map(({ id }) => id);
    }
    return dealt.pop() ?? '';
  };
  return Array.from({ length: trainingTrays + testTrays }, (_, index): TrayPicture => {
    const things = fewestThings + Math.floor(random() * (mostThings - fewestThings + 1));
    return {
      use: index < trainingTrays ? 'train' : 'test',
      pose: {
        thingId: next(),
        onLast: false,
        otherIds: Array.from({ length: things - 1 }, next),
        seed: 2_000_000 + seed * 10_000 + index,
        light: randomLight(random),
        noise: 1 + random() * 3,
      },
    };
  });
}

const wholeView: Region = { left: 0, top: 0, width: 1, height: 1 };
const photoSide = 640;
const quality = 0.9;

/** Photographs the trays into the folder; `trays.json` says what lies where. */
export async function writeTrays(
  port: ScenePort,
  trays: readonly TrayPicture[],
  folder: string,
  progress: (done: number, total: number) => void,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const written: TrayPictures[number][] = [];
  const writes: Promise<void>[] = [];
  await new Promise<void>((resolve, reject) => {
    const strike = (index: number): void => {
      const tray = trays[index];
      if (tray === undefined) resolve();
      else port.send('scene:pose', { requestId: index, pose: tray.pose });
    };
    port.open({
      handlers: heeding(scene, {
        'scene:ready': () => {
          port.send('scene:configure', sceneForPoses);
          strike(0);
        },
        'scene:posed': ({ requestId, things }) => {
          const { use, pose } = trays[requestId] ?? {};
          if (use === undefined || pose === undefined) return;
          written.push({ use, file: `${pose.seed}.jpg`, things });
          port.send('scene:take-photo', {
            requestId,
            region: wholeView,
            maxSide: photoSide,
            quality,
          });
        },
        'scene:photo': ({ requestId, jpeg }) => {
          writes.push(writeFile(join(folder, written[requestId]?.file ?? ''), jpeg));
          progress(requestId + 1, trays.length);
          strike(requestId + 1);
        },
        'scene:failed': ({ message }) => reject(new Error(message)),
      }),
      gone: () => reject(new Error('The scene window ended while it rendered.')),
    });
  });
  await Promise.all(writes);
  await writeFile(join(folder, 'trays.json'), JSON.stringify(written));
}
