import type { ScenePose } from '../../shared/capture.ts';
import { isThingId } from '../../shared/demo-products.ts';
import type { ThingId } from '../../shared/demo-products.ts';
import type { ColourThumb, TrayScene } from './scene.ts';

const SETTLED_MS = 2000;

/** Lays a pose; gives the clean thumbs without its new thing and with it. */
export function strikePose(
  scene: TrayScene,
  pose: ScenePose,
): { readonly before: ColourThumb; readonly after: ColourThumb } {
  if (!pose.onLast) {
    scene.restart(pose.seed);
    scene.setLight(pose.light);
  }
  for (const id of pose.otherIds) scene.lay(known(id));
  scene.advance(SETTLED_MS);
  const before = scene.renderThumb();
  scene.lay(known(pose.thingId));
  scene.advance(SETTLED_MS);
  return { before, after: scene.renderThumb() };
}

export function known(id: string): ThingId {
  if (!isThingId(id)) throw new RangeError(`The virtual tray has no "${id}".`);
  return id;
}
