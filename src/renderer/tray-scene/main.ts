import '@fontsource-variable/figtree/index.css';
import type { FilmScript, SceneSettings, ScriptedThumb, TrayScript } from '../../shared/capture.ts';
import type { EventName, PageApi, PayloadOf } from '../../shared/contracts/contract.ts';
import type { Scene } from '../../shared/contracts/scene.ts';
import { isThingId } from '../../shared/demo-products.ts';
import { paintRoundItem } from '../../shared/item-mask.ts';
import {
  isUpright,
  regionAsTaken,
  turnValues,
  uprightSize,
  uprightThumb,
} from '../../shared/orientation.ts';
import type { Orientation } from '../../shared/orientation.ts';
import { createEncoder } from './encode.ts';
import { playScript } from './play-script.ts';
import { createRandom, mixSeeds } from './random.ts';
import { wholeView } from './region.ts';
import { strikePose } from './render-set.ts';
import type { Raster, TrayScene } from './scene.ts';
import { createTrayScene, photoSize, thumbSize } from './scene.ts';
import { createGauss, senseColour, senseGrey, senseThumb } from './sensor.ts';

declare global {
  interface Window {
    readonly scene: PageApi<Scene>;
  }
}

const FRAME_MS = 1000 / 15;
/** At first as fast as cameras are: the tray learns from so many thumbs what it looks like. */
const LEARNING_FRAMES = 12;
const LEARNING_FRAME_MS = 1000 / 30;
/** After a pause the scene goes on from where it was instead of jumping. */
const LONGEST_STEP_MS = 100;
const WORLD_QUALITY = 0.86;
const PORTRAIT_QUALITY = 0.9;
/** As many different ones as show the tray how noisy the camera is. */
const POSE_THUMBS = 8;
const LEAST_SIDE = 16;
const MOST_SIDE = 4096;

const { tell, on } = window.scene;
const random = createRandom(1);
const gauss = createGauss(random);
/** Of its own, so that photos keep the noise that they had before thumbs had colours. */
const chromaRandom = createRandom(2);
const { jpegOf, webpOf } = createEncoder();

let settings: SceneSettings | undefined;
let scene: TrayScene | undefined;
let lastTickMs = performance.now();
let ticks = 0;
let encodingWorld = false;
let layoutStale = true;
/** Requests are served one after another: batch work uses the live scene's tray. */
let queue: Promise<void> = Promise.resolve();
let batching = false;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function configure(next: SceneSettings): void {
  for (const side of [next.worldSize.width, next.worldSize.height]) {
    if (!Number.isInteger(side) || side < LEAST_SIDE || side > MOST_SIDE) {
      throw new RangeError(`A world view's sides have ${LEAST_SIDE} to ${MOST_SIDE} pixels.`);
    }
  }
  settings = next;
  if (scene === undefined) {
    scene = createTrayScene(next);
    scene.canvas.addEventListener('webglcontextlost', () => {
      tell['scene:failed']({ message: 'The graphics context was lost.', fatal: true });
    });
    scheduleTick();
  } else {
    scene.configure(next);
  }
  layoutStale = true;
}

function scheduleTick(): void {
  ticks += 1;
  const frameMs = ticks <= LEARNING_FRAMES ? LEARNING_FRAME_MS : FRAME_MS;
  setTimeout(tick, Math.max(0, frameMs - (performance.now() - lastTickMs)));
}

function tick(): void {
  const now = performance.now();
  const passedMs = Math.min(LONGEST_STEP_MS, now - lastTickMs);
  lastTickMs = now;
  try {
    if (scene !== undefined && settings !== undefined && !batching) step(scene, settings, passedMs);
    scheduleTick();
  } catch (error) {
    stopFor(error);
  }
}

/** Without pictures there is no camera: main decides whether to start the window again. */
function stopFor(error: unknown): void {
  tell['scene:failed']({ message: messageOf(error), fatal: true });
}

function step(scene: TrayScene, settings: SceneSettings, passedMs: number): void {
  if (scene.advance(passedMs)) layoutStale = true;
  const sensed = senseThumb(scene.renderThumb(), settings.noise, gauss, {
    grey: random,
    chroma: chromaRandom,
  });
  tell['scene:thumb']({ ...uprightThumb(settings.orientation, sensed), atMs: lastTickMs });
  if (!scene.moving && layoutStale) {
    layoutStale = false;
    tell['scene:layout'](scene.layout());
    tell['scene:weight'](scene.totalGrams());
  }
  showWorld(scene).catch(stopFor);
}

function uprightRaster(orientation: Orientation, raster: Raster): Raster {
  if (isUpright(orientation)) return raster;
  const { width, height, rgba } = raster;
  const turned = new Uint32Array(width * height);
  turned.set(turnValues(orientation, new Uint32Array(rgba.buffer), raster));
  return { ...uprightSize(orientation, raster), rgba: new Uint8ClampedArray(turned.buffer) };
}

async function showWorld(from: TrayScene): Promise<void> {
  // A slow encoder drops frames; what changed meanwhile is drawn at the next tick.
  if (encodingWorld || !from.renderWorld()) return;
  encodingWorld = true;
  try {
    const raster = from.readWorld();
    const { width, height } = raster;
    const jpeg = await jpegOf(raster, WORLD_QUALITY);
    tell['scene:world-frame']({ jpeg, width, height });
  } finally {
    encodingWorld = false;
  }
}

/** Work on an emptied tray; the shopper's light comes back afterwards, what lay there does not. */
async function inBatch(work: (on: TrayScene) => Promise<void>): Promise<void> {
  if (scene === undefined || settings === undefined)
    throw new Error('The scene is not configured.');
  batching = true;
  try {
    await work(scene);
  } finally {
    scene.setHand(null);
    scene.restart(settings.seed);
    scene.setLight(settings.light);
    layoutStale = true;
    batching = false;
  }
}

function configured(): { readonly scene: TrayScene; readonly settings: SceneSettings } {
  if (scene === undefined || settings === undefined)
    throw new Error('The scene is not configured.');
  return { scene, settings };
}

type Order = EventName<Scene>;

/** What main asks for, each served when what was asked before is done. */
const orders: {
  readonly [E in Order]: (payload: PayloadOf<Scene, E>) => void | Promise<void>;
} = {
  'scene:configure': configure,
  'scene:lay': ({ productId }) => {
    if (!isThingId(productId)) throw new RangeError(`The virtual tray has no "${productId}".`);
    configured().scene.lay(productId);
  },
  'scene:take': ({ instanceId }) => {
    if (configured().scene.take(instanceId)) layoutStale = true;
  },
  'scene:clear': () => {
    configured().scene.clear();
    layoutStale = true;
    batching = false;
  },
  'scene:hand': (at) => configured().scene.setHand(at),
  'scene:take-photo': async ({ requestId, region, maxSide, quality }) => {
    const { scene, settings } = configured();
    if (!(region.width > 0 && region.height > 0 && maxSide >= 1)) {
      throw new RangeError('A photo of nothing was asked for.');
    }
    const { orientation, noise } = settings;
    const taken = scene.renderTray(regionAsTaken(orientation, region), maxSide);
    const atMs = performance.now();
    senseColour(taken.rgba, noise, gauss, random);
    const raster = uprightRaster(orientation, taken);
    if (region.mask) paintRoundItem(raster.rgba, raster.width, region, region.mask);
    const jpeg = await jpegOf(raster, quality);
    const { width, height } = raster;
    tell['scene:photo']({ requestId, jpeg, width, height, atMs });
  },
  'scene:pose': ({ requestId, pose }) => {
    const { scene, settings: before } = configured();
    batching = true;
    settings = { ...before, noise: pose.noise };
    const struck = strikePose(scene, pose);
    const sensed = (clean: Uint8Array) =>
      Array.from({ length: POSE_THUMBS }, () => senseGrey(clean, pose.noise, gauss, random));
    tell['scene:posed']({
      requestId,
      ...thumbSize,
      before: sensed(struck.before.grey),
      after: sensed(struck.after.grey),
      things: scene.items().map(({ productId, region }) => ({ thingId: productId, region })),
    });
  },
  'scene:portraits': ({ requestId, thingIds, side }) =>
    inBatch(async (on) => {
      for (const thingId of thingIds) {
        if (!isThingId(thingId)) throw new RangeError(`The virtual tray has no "${thingId}".`);
        const webp = await webpOf(on.renderPortrait(thingId, side * 2), side, PORTRAIT_QUALITY);
        tell['scene:portrait']({ requestId, thingId, webp });
      }
      tell['scene:batch-done']({ requestId });
    }),
  'scene:script': ({ requestId, script }) => inBatch((on) => renderScript(on, requestId, script)),
  'scene:film': ({ requestId, film }) => inBatch((on) => renderFilm(on, requestId, film)),
};

async function renderScript(on: TrayScene, requestId: number, script: TrayScript): Promise<void> {
  let thumbs: ScriptedThumb[] = [];
  for (const moment of playScript(on, script)) {
    thumbs.push({ ...moment, ...on.renderThumb() });
    if (!moment.resting) continue;
    tell['scene:scripted']({ requestId, thumbs });
    thumbs = [];
    await nextTurn();
  }
  tell['scene:batch-done']({ requestId });
}

async function renderFilm(on: TrayScene, requestId: number, film: FilmScript): Promise<void> {
  const random = createRandom(mixSeeds(film.seed, 0xf11a));
  const grain = createGauss(random);
  let sent: Promise<void> = Promise.resolve();
  for (const moment of playScript(on, film)) {
    const clean = on.renderTray(wholeView, photoSize.width);
    const times = moment.resting ? film.restingFrames : 1;
    for (let time = 0; time < times; time += 1) {
      const raster = { ...clean, rgba: new Uint8ClampedArray(clean.rgba) };
      senseColour(raster.rgba, film.noise, grain, random);
      const encoding = jpegOf(raster, film.quality);
      await sent;
      sent = encoding.then((jpeg) => {
        tell['scene:filmed']({ requestId, ...moment, jpeg });
      });
    }
  }
  await sent;
  tell['scene:batch-done']({ requestId });
}

/** Lets messages out and in between two pieces of long work. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function take<E extends Order>(order: E): void {
  on[order]((payload) => {
    queue = queue
      .then(() => orders[order](payload))
      .catch((error: unknown) => {
        tell['scene:failed']({
          message: messageOf(error),
          fatal: order === 'scene:configure' && scene === undefined,
          ...requestOf(payload),
        });
      });
  });
}

/** Which request it was, where it was one that is answered. */
function requestOf(payload: unknown): { readonly requestId?: number } {
  const { requestId } = (payload ?? {}) as { readonly requestId?: number };
  return requestId === undefined ? {} : { requestId };
}

for (const order of Object.keys(orders)) take(order as Order);

// Labels are lettered on canvases, which do not wait for a font by themselves.
await Promise.all(
  [600, 800, 900].map((weight) => document.fonts.load(`${weight} 40px "Figtree Variable"`)),
);
tell['scene:ready']();
