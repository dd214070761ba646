import type { TrayScript, TrayStep } from '../../shared/capture.ts';
import { known } from './render-set.ts';
import type { TrayScene } from './scene.ts';

/** The scene as it is at one picture of a script. */
export interface Moment {
  /** Which step led here, counted from 0; -1 is the empty tray. */
  readonly step: number;
  readonly resting: boolean;
}

type Place = { readonly x: number; readonly y: number };

const REACH_MS = 330;
const STAY_MS = 130;
/** Below the camera's view: the hand comes from where the shopper stands. */
const AWAY_Y = 1.65;
const MIDDLE: Place = { x: 0.5, y: 0.55 };

/**
 * Plays a script on an empty tray; at each moment the scene is as that picture shows it. The clock
 * is the scene's own, so that the pictures are the same on any machine.
 */
export function* playScript(scene: TrayScene, script: TrayScript): Generator<Moment> {
  const frameMs = 1000 / script.framesPerSecond;
  scene.restart(script.seed);
  scene.setLight(script.light);
  yield { step: -1, resting: true };
  for (const [index, step] of script.steps.entries()) {
    const moving: Moment = { step: index, resting: false };
    for (const _ of playStep(scene, step, frameMs)) yield moving;
    scene.setHand(null);
    yield { step: index, resting: true };
  }
}

/** Yields at each picture while something moves. */
function* playStep(scene: TrayScene, step: TrayStep, frameMs: number): Generator<void> {
  if (step.kind === 'pass') {
    yield* moveHand(scene, awayFrom(step.at), step.at, REACH_MS, frameMs);
    yield* moveHand(scene, step.at, step.at, STAY_MS, frameMs);
    yield* moveHand(scene, step.at, awayFrom(step.at), REACH_MS, frameMs);
    return;
  }
  const taken = step.kind === 'take' ? placeOf(scene, step.index) : MIDDLE;
  if (step.byHand) yield* moveHand(scene, awayFrom(taken), taken, REACH_MS, frameMs);
  const act = step.kind === 'lay' ? lay(scene, step.thingId) : take(scene, step.index);
  if (!step.byHand) {
    yield* settle(scene, frameMs);
    return;
  }
  // The hand goes with what it lays down, and away with what it takes.
  if (step.kind === 'lay') yield* moveHand(scene, taken, act, REACH_MS, frameMs);
  yield* moveHand(scene, act, awayFrom(act), REACH_MS, frameMs);
  yield* settle(scene, frameMs);
}

function lay(scene: TrayScene, thingId: string): Place {
  scene.lay(known(thingId));
  return placeOf(scene, scene.items().length - 1);
}

function take(scene: TrayScene, index: number): Place {
  const place = placeOf(scene, index);
  scene.take(scene.items()[index]?.instanceId ?? '');
  return place;
}

function placeOf(scene: TrayScene, index: number): Place {
  const region = scene.items()[index]?.region;
  if (region === undefined) throw new RangeError(`The script asks for thing ${index} of the tray.`);
  return { x: region.left + region.width / 2, y: region.top + region.height / 2 };
}

function awayFrom({ x }: Place): Place {
  return { x: 0.5 + (x - 0.5) * 0.7, y: AWAY_Y };
}

/** All that moves moves on meanwhile. */
function* moveHand(
  scene: TrayScene,
  from: Place,
  to: Place,
  lastsMs: number,
  frameMs: number,
): Generator<void> {
  const frames = Math.max(1, Math.round(lastsMs / frameMs));
  for (let frame = 1; frame <= frames; frame += 1) {
    const share = frame / frames;
    const eased = share * share * (3 - 2 * share);
    scene.setHand({ x: from.x + (to.x - from.x) * eased, y: from.y + (to.y - from.y) * eased });
    scene.advance(frameMs);
    yield;
  }
}

function* settle(scene: TrayScene, frameMs: number): Generator<void> {
  while (scene.moving) {
    yield;
    scene.advance(frameMs);
  }
}
