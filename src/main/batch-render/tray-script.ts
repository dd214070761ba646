import type { FilmScript, SceneLight, TrayScript, TrayStep } from '../../shared/capture.ts';
import { demoProducts, strangers } from '../../shared/demo-products.ts';

/** Placements and removals together. */
const scriptEvents = 340;
const mostOnTray = 4;
const filmItems = 32;
/** The virtual tray's own rate, and what a good camera gives. */
export const trayFramesPerSecond = 15;
const cameraFramesPerSecond = 30;
const noon: SceneLight = { level: 1, warmth: 0, turn: 0 };

/** A long time at the tray: products and strangers come and go, by hand or not, hands pass over. */
export function longScript(seed: number): TrayScript {
  const chance = createChance(seed);
  const things = [...demoProducts, ...strangers.filter(({ id }) => id !== 'hand')];
  const steps: TrayStep[] = [];
  let lying = 0;
  for (let event = 0; event < scriptEvents; event += 1) {
    if (chance() < 0.25) {
      steps.push({ kind: 'pass', at: { x: 0.15 + 0.7 * chance(), y: 0.25 + 0.55 * chance() } });
    }
    const byHand = chance() < 0.6;
    if (lying === 0 || (lying < mostOnTray && chance() < 0.55)) {
      steps.push({ kind: 'lay', thingId: pick(things, chance).id, byHand });
      lying += 1;
    } else {
      steps.push({ kind: 'take', index: Math.floor(chance() * lying), byHand });
      lying -= 1;
    }
  }
  return { seed, light: noon, framesPerSecond: trayFramesPerSecond, steps };
}

/** One product after another is laid on an empty tray by hand, lies still for a second and is taken away. */
export function itemFilm(seed: number): FilmScript {
  const steps = Array.from({ length: filmItems }, (_, index): TrayStep[] => {
    const thingId = demoProducts[index % demoProducts.length]?.id ?? demoProducts[0].id;
    return [
      { kind: 'lay', thingId, byHand: true },
      { kind: 'take', index: 0, byHand: index % 2 === 1 },
    ];
  }).flat();
  return {
    seed,
    light: noon,
    framesPerSecond: cameraFramesPerSecond,
    steps,
    restingFrames: 32,
    noise: 1.5,
    quality: 0.85,
  };
}

function pick<T>(from: readonly T[], chance: () => number): T {
  const picked = from[Math.floor(chance() * from.length)];
  if (picked === undefined) throw new RangeError('There is nothing to pick from.');
  return picked;
}

/** Numbers from 0 up to 1 by Park and Miller's generator. */
function createChance(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  for (let warm = 0; warm < 5; warm += 1) state = (state * 48_271) % 2_147_483_647;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state - 1) / 2_147_483_646;
  };
}
