import { Group, PerspectiveCamera, Vector3, WebGLRenderTarget, WebGLRenderer } from 'three';
import type { LayoutItem, PixelSize, SceneLight, SceneSettings } from '../../shared/capture.ts';
import { demoProducts, isThingId } from '../../shared/demo-products.ts';
import type { ThingId } from '../../shared/demo-products.ts';
import type { Region } from '../../shared/frame.ts';
import { thumbFromRgba } from '../../shared/thumb.ts';
import type { ThumbPicture } from '../../shared/thumb.ts';
import { discard } from './models/grow.ts';
import { handAndArm } from './models/strangers.ts';
import { OVERHEAD_LAYER, SEEN_LAYER } from './layers.ts';
import { findPlace } from './placement.ts';
import type { Footprint } from './placement.ts';
import { createRandom, mixSeeds } from './random.ts';
import { growRegion, pixelSize, union, wholeView, withinView } from './region.ts';
import { greyOf } from './sensor.ts';
import { castShadows, setLight } from './shade.ts';
import { buildStage, shelfWidth, steps, tray } from './stage.ts';
import { growThing, regionSeen, regionWithShadow } from './thing.ts';
import type { Thing } from './thing.ts';

export interface TrayItem {
  readonly instanceId: string;
  readonly productId: ThingId;
  readonly massGrams: number;
  /** As the tray's camera sees it. */
  readonly region: Region;
}

/** As the virtual tray's camera has colours. */
export type ColourThumb = Required<ThumbPicture>;

/** A picture as bytes: rows from the top, RGBA. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

export interface TrayScene {
  configure(settings: SceneSettings): void;
  setLight(light: SceneLight): void;
  /** An empty tray whose next things depend on this seed alone. */
  restart(seed: number): void;
  /** Lays one more of a thing at a random place and turn; it is at rest 250 ms later. */
  lay(id: ThingId): string;
  /** Takes a thing up; false when it is not there (any more). */
  take(instanceId: string): boolean;
  clear(): void;
  /** A hand over a point of the camera's view (fractions), or none. */
  setHand(at: { readonly x: number; readonly y: number } | null): void;
  /** Moves the scene's clock on; true when something moved. */
  advance(milliseconds: number): boolean;
  readonly moving: boolean;
  items(): readonly TrayItem[];
  totalGrams(): number;
  layout(): readonly LayoutItem[];
  /** Draws what has changed of the world view into `canvas`; false when nothing has. */
  renderWorld(): boolean;
  /** The world view as it was drawn last. */
  readWorld(): Raster;
  readonly canvas: OffscreenCanvas;
  /** The tray without noise; drawn again only when something has changed. */
  renderThumb(): ColourThumb;
  /** What the tray's camera sees of a region; `maxSide` pixels long, 640 at most. */
  renderTray(region: Region, maxSide: number): Raster;
  /** One thing alone on a clear ground, for a catalogue. */
  renderPortrait(id: ThingId, side: number): Raster;
  dispose(): void;
}

export const thumbSize = { width: 160, height: 120 } as const;
export const photoSize = { width: 640, height: 480 } as const;

const CAMERA_HEIGHT = 75;
const VIEW_DEPTH = 41.4;
const LAY_MS = 250;
const TAKE_MS = 220;
const GAP = 1.4;
const TALL = 10.2;
const PHOTO_SIDES = [256, 400, photoSize.width];
const PORTRAIT_FILL = 0.8;

/** All that can throw a shadow on the tray or be on it. */
const overTray = { middle: new Vector3(0, 6, 2), radius: 42 };

interface Laid {
  readonly instanceId: string;
  readonly thing: Thing;
  readonly footprint: Footprint;
  readonly restY: number;
  /** Milliseconds of its movement that have passed; at rest once it equals the whole. */
  elapsedMs: number;
  leaving: boolean;
}

/** The page's one scene. The world view is kept in a canvas, so that only what changed is drawn. */
export function createTrayScene(first: SceneSettings): TrayScene {
  let settings = first;
  let worldSize: PixelSize = first.worldSize;
  const canvas = new OffscreenCanvas(worldSize.width, worldSize.height);
  const renderer = new WebGLRenderer({
    canvas,
    antialias: true,
    preserveDrawingBuffer: true,
    powerPreference: 'low-power',
  });
  renderer.setPixelRatio(1);
  renderer.setSize(worldSize.width, worldSize.height, false);
  renderer.setScissorTest(true);
  const thumbTarget = new WebGLRenderTarget(thumbSize.width, thumbSize.height, { samples: 4 });
  // A target is resolved as a whole: a small crop in a large one would pay for all of it.
  const photoTargets = PHOTO_SIDES.map((side) => new WebGLRenderTarget(side, side, { samples: 4 }));

  const stage = buildStage();
  const shelf = new Group();
  const onTray = new Group();
  stage.scene.add(shelf, onTray);

  const above = new PerspectiveCamera(
    (2 * Math.atan(VIEW_DEPTH / 2 / CAMERA_HEIGHT) * 180) / Math.PI,
    photoSize.width / photoSize.height,
    10,
    100,
  );
  above.position.set(0, CAMERA_HEIGHT, 0);
  above.up.set(0, 0, -1);
  above.lookAt(0, 0, 0);
  above.updateMatrixWorld();
  above.layers.enable(SEEN_LAYER);

  let world = aimWorldCamera(worldSize);
  let laid: Laid[] = [];
  let shelved: Thing[] = [];
  let laidCount = 0;
  let arm: Group | undefined;
  let worldStale: Region | undefined = wholeView;
  let thumb: ColourThumb | undefined;
  let trayShadowsStale = true;
  let otherShadowsStale = true;

  const touched = (...roots: readonly Group[]): void => {
    trayShadowsStale = true;
    thumb = undefined;
    for (const root of roots) {
      worldStale = union(worldStale, growRegion(regionWithShadow(root, world), 0.08, 0.03));
    }
  };

  const everythingTouched = (): void => {
    trayShadowsStale = true;
    otherShadowsStale = true;
    thumb = undefined;
    worldStale = wholeView;
  };

  const remove = (root: Group): void => {
    root.removeFromParent();
    discard(root);
  };

  const fillShelf = (): void => {
    for (const thing of shelved) remove(thing.root);
    const known = settings.productIds.filter(isThingId);
    const ids = known.length > 0 ? known : demoProducts.map((product) => product.id);
    shelved = ids.map((id) => growThing(id, mixSeeds(settings.seed, 0x5e1f), 'display', 0.5));
    arrangeOnShelf(shelved);
    for (const thing of shelved) shelf.add(thing.root);
    everythingTouched();
  };

  const clear = (): void => {
    for (const item of laid) {
      touched(item.thing.root);
      remove(item.thing.root);
    }
    laid = [];
  };

  const restart = (seed: number): void => {
    clear();
    settings = { ...settings, seed };
    laidCount = 0;
  };

  const freshenTrayShadows = (): void => {
    if (trayShadowsStale) castShadows(renderer, stage.scene, overTray);
    trayShadowsStale = false;
  };

  const freshenAllShadows = (): void => {
    if (!otherShadowsStale) return freshenTrayShadows();
    castShadows(renderer, stage.scene);
    trayShadowsStale = false;
    otherShadowsStale = false;
  };

  /** Draws into the corner of a target and reads that back. */
  const drawInto = (
    target: WebGLRenderTarget,
    camera: PerspectiveCamera,
    { width, height }: PixelSize,
  ): Raster => {
    target.viewport.set(0, 0, width, height);
    target.scissor.set(0, 0, width, height);
    target.scissorTest = true;
    renderer.setRenderTarget(target);
    renderer.render(stage.scene, camera);
    const upsideDown = new Uint8Array(width * height * 4);
    renderer.readRenderTargetPixels(target, 0, 0, width, height, upsideDown);
    renderer.setRenderTarget(null);
    return upright(upsideDown, width, height);
  };

  const drawTray = (target: WebGLRenderTarget, region: Region, size: PixelSize): Raster => {
    freshenTrayShadows();
    above.setViewOffset(
      photoSize.width,
      photoSize.height,
      region.left * photoSize.width,
      region.top * photoSize.height,
      region.width * photoSize.width,
      region.height * photoSize.height,
    );
    const raster = drawInto(target, above, size);
    above.clearViewOffset();
    return raster;
  };

  const place = (item: Laid): void => {
    const { root } = item.thing;
    const share = Math.min(1, item.elapsedMs / (item.leaving ? TAKE_MS : LAY_MS));
    const eased = 1 - (1 - share) ** 3;
    const lift = item.leaving ? eased : 1 - eased;
    const pull = item.leaving ? 26 * eased * eased : -7 * (1 - eased);
    root.position.set(
      item.footprint.x,
      item.restY + lift * (item.leaving ? 22 : 9),
      item.footprint.z + pull,
    );
    root.rotation.y = item.footprint.turn;
  };

  const itemMoving = (item: Laid): boolean => item.leaving || item.elapsedMs < LAY_MS;

  setLight(settings.light);
  fillShelf();

  return {
    configure: (next) => {
      const last = settings;
      settings = next;
      if (next.worldSize.width !== worldSize.width || next.worldSize.height !== worldSize.height) {
        worldSize = next.worldSize;
        renderer.setSize(worldSize.width, worldSize.height, false);
        world = aimWorldCamera(worldSize);
      }
      const sameShelf =
        next.seed === last.seed && next.productIds.join() === last.productIds.join();
      if (!sameShelf) {
        restart(next.seed);
        fillShelf();
      }
      setLight(next.light);
      everythingTouched();
    },
    setLight: (light) => {
      settings = { ...settings, light };
      setLight(light);
      everythingTouched();
    },
    restart,
    lay: (id) => {
      laidCount += 1;
      const seed = mixSeeds(settings.seed, laidCount);
      const thing = growThing(id, seed, 'rest', 0.7);
      const standing = laid.filter((item) => !item.leaving);
      // What is tall leans outwards in the camera's eye, so it must lie nearer to the middle.
      const lean = 1 - thing.height / CAMERA_HEIGHT;
      const found = findPlace(
        createRandom(mixSeeds(seed, 0x91ace)),
        thing,
        standing.map((item) => item.footprint),
        { width: (tray.width - 1) * lean, depth: (tray.depth - 1) * lean },
        GAP,
      );
      const footprint = { ...found, width: thing.width, depth: thing.depth };
      const restY =
        found.overlap > GAP / 2
          ? Math.max(0, ...standing.map((item) => overlapHeight(item, footprint)))
          : 0;
      const item: Laid = {
        instanceId: `${id}-${laidCount}`,
        thing,
        footprint,
        restY,
        elapsedMs: 0,
        leaving: false,
      };
      laid.push(item);
      onTray.add(thing.root);
      place(item);
      touched(thing.root);
      return item.instanceId;
    },
    take: (instanceId) => {
      const item = laid.find((one) => one.instanceId === instanceId && !one.leaving);
      if (item === undefined) return false;
      item.leaving = true;
      item.elapsedMs = 0;
      return true;
    },
    clear,
    setHand: (at) => {
      if (arm !== undefined) touched(arm);
      if (at === null) {
        if (arm !== undefined) remove(arm);
        arm = undefined;
        return;
      }
      if (arm === undefined) {
        arm = handAndArm(createRandom(settings.seed));
        stage.scene.add(arm);
      }
      const ratio = photoSize.width / photoSize.height;
      arm.position.set((at.x - 0.5) * VIEW_DEPTH * ratio, 10, (at.y - 0.5) * VIEW_DEPTH);
      touched(arm);
    },
    advance: (milliseconds) => {
      let moved = false;
      for (const item of laid.filter(itemMoving)) {
        touched(item.thing.root);
        item.elapsedMs += milliseconds;
        place(item);
        touched(item.thing.root);
        if (item.leaving && item.elapsedMs >= TAKE_MS) {
          remove(item.thing.root);
          laid = laid.filter((one) => one !== item);
        }
        moved = true;
      }
      return moved;
    },
    get moving() {
      return laid.some(itemMoving);
    },
    items: () =>
      laid
        .filter((item) => !item.leaving)
        .map((item) => ({
          instanceId: item.instanceId,
          productId: item.thing.id,
          massGrams: item.thing.massGrams,
          region: withinView(regionSeen(item.thing.root, above)),
        })),
    totalGrams: () =>
      laid.reduce((sum, item) => (item.leaving ? sum : sum + item.thing.massGrams), 0),
    layout: () => [
      ...shelved.map((thing): LayoutItem => ({
        kind: 'shelf',
        productId: thing.id,
        rect: withinView(regionSeen(thing.root, world)),
      })),
      ...laid
        .filter((item) => !item.leaving)
        .map((item): LayoutItem => ({
          kind: 'tray',
          productId: item.thing.id,
          instanceId: item.instanceId,
          rect: withinView(regionSeen(item.thing.root, world)),
        })),
    ],
    canvas,
    renderWorld: () => {
      if (worldStale === undefined) return false;
      freshenAllShadows();
      const stale = withinView(worldStale);
      worldStale = undefined;
      const { width, height } = worldSize;
      const left = Math.floor(stale.left * width);
      const right = Math.ceil((stale.left + stale.width) * width);
      const top = Math.floor(stale.top * height);
      const bottom = Math.ceil((stale.top + stale.height) * height);
      world.setViewOffset(width, height, left, top, right - left, bottom - top);
      // WebGL counts rows from the bottom.
      renderer.setViewport(left, height - bottom, right - left, bottom - top);
      renderer.setScissor(left, height - bottom, right - left, bottom - top);
      renderer.render(stage.scene, world);
      world.clearViewOffset();
      return true;
    },
    readWorld: () => {
      const { width, height } = worldSize;
      const gl = renderer.getContext();
      const upsideDown = new Uint8Array(width * height * 4);
      gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, upsideDown);
      return upright(upsideDown, width, height);
    },
    renderThumb: () => {
      if (thumb === undefined) {
        const { rgba, width, height } = drawTray(thumbTarget, wholeView, thumbSize);
        const { chroma } = thumbFromRgba(rgba, width, height);
        thumb = { width, height, grey: greyOf(rgba), chroma };
      }
      return thumb;
    },
    renderTray: (region, maxSide) => {
      const side = Math.min(maxSide, photoSize.width);
      const target = photoTargets.find((one) => one.width >= side) ?? photoTargets.at(-1);
      if (target === undefined) throw new Error('There is no target to draw a photo into.');
      return drawTray(target, region, pixelSize(region, photoSize.width / photoSize.height, side));
    },
    renderPortrait: (id, side) => {
      const thing = growThing(id, mixSeeds(settings.seed, 0x90a7), 'display', 1.6);
      const { background } = stage.scene;
      const hidden = [stage.furniture, shelf, onTray];
      for (const group of hidden) group.visible = false;
      stage.scene.background = null;
      stage.scene.add(thing.root);
      castShadows(renderer, stage.scene);
      const target = new WebGLRenderTarget(side, side, { samples: 4 });
      renderer.setClearColor(0x000000, 0);
      const raster = drawInto(target, aimPortraitCamera(thing), { width: side, height: side });
      target.dispose();
      remove(thing.root);
      for (const group of hidden) group.visible = true;
      stage.scene.background = background;
      everythingTouched();
      return raster;
    },
    dispose: () => {
      clear();
      for (const thing of shelved) remove(thing.root);
      discard(stage.furniture);
      thumbTarget.dispose();
      for (const target of photoTargets) target.dispose();
      renderer.dispose();
    },
  };
}

function overlapHeight(item: Laid, over: Footprint): number {
  const apart = Math.hypot(item.footprint.x - over.x, item.footprint.z - over.z);
  const reach = (item.footprint.width + item.footprint.depth + over.width + over.depth) / 4;
  return apart < reach ? item.restY + item.thing.height * 0.85 : 0;
}

/** WebGL reads rows from the bottom up. */
function upright(upsideDown: Uint8Array, width: number, height: number): Raster {
  const rgba = new Uint8ClampedArray(upsideDown.length);
  const row = width * 4;
  for (let y = 0; y < height; y += 1) {
    rgba.set(upsideDown.subarray((height - 1 - y) * row, (height - y) * row), y * row);
  }
  return { width, height, rgba };
}

/** Two rows of about the same width, the tall things behind, each spread evenly. */
function arrangeOnShelf(things: readonly Thing[]): void {
  const widthOf = (row: readonly Thing[]): number =>
    row.reduce((sum, thing) => sum + thing.width, 0);
  const behind = things.filter((thing) => thing.height > TALL);
  const front = things.filter((thing) => thing.height <= TALL);
  const long = front.toSorted((a, b) => b.width - a.width);
  for (const thing of long) {
    if (widthOf(behind) + thing.width > widthOf(front) - thing.width) break;
    behind.push(thing);
    front.splice(front.indexOf(thing), 1);
  }
  [front, behind].forEach((row, at) => {
    const step = steps[at];
    if (step === undefined) return;
    const gap = (shelfWidth - 3 - widthOf(row)) / Math.max(1, row.length);
    let x = -(shelfWidth - 3) / 2 + gap / 2;
    for (const thing of row) {
      thing.root.position.set(x + thing.width / 2, step.y, step.z);
      thing.root.rotation.x = step.tilt;
      x += thing.width + gap;
    }
  });
}

/** A look over the shopper's shoulder, as near as shows the whole shelf and the whole tray. */
function aimWorldCamera(size: PixelSize): PerspectiveCamera {
  const camera = new PerspectiveCamera(27, size.width / size.height, 20, 600);
  camera.layers.enable(SEEN_LAYER);
  camera.layers.enable(OVERHEAD_LAYER);
  const corners = [
    [-shelfWidth / 2 - 2, 48, -48],
    [shelfWidth / 2 + 2, 48, -48],
    [-shelfWidth / 2, 0, -26],
    [shelfWidth / 2, 0, -26],
    [-29, -3, 24],
    [29, -3, 24],
  ].map(([x = 0, y = 0, z = 0]) => new Vector3(x, y, z));
  const direction = new Vector3(0, 0.6, 1).normalize();
  const target = new Vector3(0, 10, -16);
  const point = new Vector3();
  for (let pass = 0; pass < 6; pass += 1) {
    let distance = 60;
    for (; distance < 500; distance += 2) {
      camera.position.copy(target).addScaledVector(direction, distance);
      camera.lookAt(target);
      camera.updateMatrixWorld();
      const fits = corners.every((corner) => {
        point.copy(corner).project(camera);
        return Math.abs(point.x) < 0.985 && Math.abs(point.y) < 0.985;
      });
      if (fits) break;
    }
    // Centre what is shown, then go nearer.
    const heights = corners.map((corner) => point.copy(corner).project(camera).y);
    const middle = (Math.max(...heights) + Math.min(...heights)) / 2;
    target.y += middle * distance * 0.2;
  }
  return camera;
}

/** As near as the square picture allows. */
function aimPortraitCamera(thing: Thing): PerspectiveCamera {
  const camera = new PerspectiveCamera(18, 1, 5, 400);
  camera.layers.enable(SEEN_LAYER);
  const middle = new Vector3(0, thing.height / 2, 0);
  const direction = new Vector3(0, 0.42, 1).normalize();
  let distance = 160;
  for (let pass = 0; pass < 4; pass += 1) {
    camera.position.copy(middle).addScaledVector(direction, distance);
    camera.lookAt(middle);
    camera.updateMatrixWorld();
    const seen = regionSeen(thing.root, camera);
    distance *= Math.max(seen.width, seen.height) / PORTRAIT_FILL;
    middle.x += (seen.left + seen.width / 2 - 0.5) * distance * 0.3;
    middle.y -= (seen.top + seen.height / 2 - 0.5) * distance * 0.3;
  }
  return camera;
}
