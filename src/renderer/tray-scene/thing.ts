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
import { union } from './region.ts';
import { contactShade, multiplyTint, shadowShift } from './shade.ts';
import type { Ellipse } from './shade.ts';

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
  const shade = contactShade(standsOn(root, size.y), 0.72 * Math.min(1, size.y / 3));
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

/** The ellipse that best fits what is near the ground, from the spread of its points. */
function standsOn(root: Group, height: number): Ellipse {
  root.updateWorldMatrix(true, true);
  const point = new Vector3();
  let count = 0;
  let sx = 0;
  let sz = 0;
  let sxx = 0;
  let szz = 0;
  let sxz = 0;
  root.traverse((part) => {
    if (!(part instanceof Mesh)) return;
    const positions = part.geometry.getAttribute('position');
    for (let i = 0; i < positions.count; i += 1) {
      point.fromBufferAttribute(positions, i).applyMatrix4(part.matrixWorld);
      if (point.y > height * 0.45) continue;
      count += 1;
      sx += point.x;
      sz += point.z;
      sxx += point.x * point.x;
      szz += point.z * point.z;
      sxz += point.x * point.z;
    }
  });
  const x = sx / count;
  const z = sz / count;
  const xx = sxx / count - x * x;
  const zz = szz / count - z * z;
  const xz = sxz / count - x * z;
  const middle = (xx + zz) / 2;
  const spread = Math.hypot((xx - zz) / 2, xz);
  return {
    x,
    z,
    long: 2.1 * Math.sqrt(middle + spread),
    short: 2.1 * Math.sqrt(Math.max(0.05, middle - spread)),
    turn: -Math.atan2(2 * xz, xx - zz) / 2,
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

/** The same with the shadow that the object throws on the table. */
export function regionWithShadow(root: Group, camera: Camera): Region {
  const box = new Box3().setFromObject(root);
  const shift = shadowShift();
  const point = new Vector3();
  let region = regionSeen(root, camera);
  for (const x of [box.min.x, box.max.x]) {
    for (const z of [box.min.z, box.max.z]) {
      point.set(x + shift.x * box.max.y, 0, z + shift.z * box.max.y).project(camera);
      region =
        union(region, { left: (point.x + 1) / 2, top: (1 - point.y) / 2, width: 0, height: 0 }) ??
        region;
    }
  }
  return region;
}
