import type { CropJob, ScriptedThumb, TrayScript } from '../../shared/capture.ts';
import { isThingId } from '../../shared/demo-products.ts';
import type { ThingId } from '../../shared/demo-products.ts';
import type { Region } from '../../shared/frame.ts';
import { cropFor } from '../../shared/item-crop.ts';
import { createRandom, mixSeeds } from './random.ts';
import type { Random } from './random.ts';
import type { Raster, TrayScene } from './scene.ts';
import { thumbSize } from './scene.ts';
import { createGauss, senseColour } from './sensor.ts';

/** The tray camera's whole picture, in pixels. */
const traySize = { width: 640, height: 480 } as const;
const SETTLED_MS = 2000;
const FRAME_MS = 1000 / 15;

/** One thing on the tray with others about it, cut out as recognition would cut it. */
export function renderCrop(scene: TrayScene, job: CropJob): Raster {
  const random = createRandom(mixSeeds(job.seed, 0xc409));
  scene.restart(job.seed);
  scene.setLight(job.light);
  const wanted = scene.lay(known(job.thingId));
  for (const id of job.distractorIds) scene.lay(known(id));
  scene.advance(SETTLED_MS);
  const item = scene.items().find((one) => one.instanceId === wanted);
  if (item === undefined) throw new Error(`${job.thingId} did not come to lie on the tray.`);
  const raster = scene.renderTray(loosely(random, item.region), job.maxSide);
  senseColour(raster.rgba, job.noise, createGauss(random), random);
  return raster;
}

/** Recognition's region comes from a difference of thumbs: it is never quite the thing's own. */
function loosely(random: Random, { left, top, width, height }: Region): Region {
  const [grown, taller] = [random.between(0.95, 1.2), random.between(0.95, 1.2)];
  return cropFor(
    {
      left: left + (random.between(-0.06, 0.06) + (1 - grown) / 2) * width,
      top: top + (random.between(-0.06, 0.06) + (1 - taller) / 2) * height,
      width: width * grown,
      height: height * taller,
    },
    traySize.width,
    traySize.height,
  );
}

/** The thumbs of each step, the empty tray's first. */
export function* playScript(
  scene: TrayScene,
  script: TrayScript,
): Generator<readonly ScriptedThumb[]> {
  scene.restart(script.seed);
  scene.setLight(script.light);
  const shot = (step: number, resting: boolean): ScriptedThumb => ({
    step,
    resting,
    ...thumbSize,
    grey: scene.renderThumb(),
  });
  yield [shot(-1, true)];
  for (const [index, step] of script.steps.entries()) {
    if (step.kind === 'lay') {
      scene.lay(known(step.thingId));
    } else {
      const item = scene.items()[step.index];
      if (item === undefined) throw new RangeError(`Step ${index} takes what is not there.`);
      scene.take(item.instanceId);
    }
    const thumbs: ScriptedThumb[] = [];
    while (script.withMoving && scene.moving) {
      thumbs.push(shot(index, false));
      scene.advance(FRAME_MS);
    }
    scene.advance(SETTLED_MS);
    thumbs.push(shot(index, true));
    yield thumbs;
  }
}

function known(id: string): ThingId {
  if (!isThingId(id)) throw new RangeError(`The virtual tray has no "${id}".`);
  return id;
}
