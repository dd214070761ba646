import { Box3, Group, Mesh, ShaderMaterial, Vector3 } from 'three';
import type { Camera } from 'three';
import type { ThingId } from '../../shared/demo-products.ts';
import { massRangeOf } from '../../shared/demo-products.ts';
import type { Region } from '../../shared/frame.ts';
import { growers } from './models/grow.ts';
import { atDetail } from './models/surface.ts';
import { createRandom, mixSeeds, seedOfText } from './random.ts';
import type { Random } from './random.ts';
import { SEEN_LAYER } from './layers.ts';
import { contactShade, multiplyTint } from './shade.ts';

/** One thing standing on the origin: move and turn `root`, never what is inside. */
export interface Thing {
  readonly id: ThingId;
  readonly root: Group;
  readonly width: number;
  readonly depth: number;
  readonly height: number;
  readonly massGrams: number;
}

/** `detail` 1 is right for a piece some 250 pixels wide. */
export function growThing(
  id: ThingId,
  seed: number,
  stance: 'rest' | 'display',
  detail: number,
): Thing {
  const random = createRandom(mixSeeds(seed, seedOfText(id)));
  const model = atDetail(detail, () => growers[id](random));
  const { group } = model;
  group.quaternion.copy(stance === 'rest' ? model.rest(random) : model.display);
  tint(group, random);
  const box = new Box3().setFromObject(group, true);
  const middle = box.getCenter(new Vector3());
  const size = box.getSize(new Vector3());
  group.position.set(-middle.x, -box.min.y, -middle.z);
  const root = new Group();
  root.add(group);
  const shade = contactShade(size.x, size.z);
  shade.layers.set(SEEN_LAYER);
  root.add(shade);
  const mass = massRangeOf(id);
  return {
    id,
    root,
    width: size.x,
    depth: size.z,
    height: size.y,
    massGrams: Math.round(random.between(mass.min, mass.max)),
  };
}

function tint(group: Group, random: Random): void {
  const bright = random.between(0.93, 1.05);
  const red = bright * random.between(0.97, 1.03);
  const blue = bright * random.between(0.95, 1.05);
  for (const part of group.children) {
    if (!(part instanceof Mesh) || !(part.material instanceof ShaderMaterial)) continue;
    multiplyTint(part.material, red, bright, blue);
  }
}

/** The upright rectangle round an object as a camera sees it; may reach over the view's edges. */
export function regionSeen(root: Group, camera: Camera): Region {
  root.updateWorldMatrix(true, true);
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  const point = new Vector3();
  root.traverse((part) => {
    if (!(part instanceof Mesh) || !part.layers.isEnabled(0)) return;
    const positions = part.geometry.getAttribute('position');
    const stride = positions.count > 600 ? 3 : 1;
    for (let i = 0; i < positions.count; i += stride) {
      point.fromBufferAttribute(positions, i).applyMatrix4(part.matrixWorld).project(camera);
      left = Math.min(left, point.x);
      right = Math.max(right, point.x);
      top = Math.min(top, -point.y);
      bottom = Math.max(bottom, -point.y);
    }
  });
  return {
    left: (left + 1) / 2,
    top: (top + 1) / 2,
    width: (right - left) / 2,
    height: (bottom - top) / 2,
  };
}
