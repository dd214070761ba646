import { Mesh, ShaderMaterial, Texture } from 'three';
import type { Material, Object3D } from 'three';
import type { ThingId } from '../../../shared/demo-products.ts';
import { avocado, banana, greenApple, lemon, orange, redApple } from './fruit.ts';
import type { BuildModel } from './model.ts';
import { bakedBeans, choppedTomatoes, milk, orangeJuice, pasta } from './packs.ts';
import { book, hand, keys, mug, phone, sponge, tennisBall, toyBrick, wallet } from './strangers.ts';
import { aubergine, carrot, cucumber, redPepper, tomato } from './vegetables.ts';

export const growers: Readonly<Record<ThingId, BuildModel>> = {
  banana,
  'red-apple': redApple,
  'green-apple': greenApple,
  orange,
  lemon,
  avocado,
  tomato,
  carrot,
  'red-pepper': redPepper,
  cucumber,
  aubergine,
  milk,
  'orange-juice': orangeJuice,
  'baked-beans': bakedBeans,
  'chopped-tomatoes': choppedTomatoes,
  pasta,
  mug,
  phone,
  sponge,
  book,
  hand,
  keys,
  wallet,
  'toy-brick': toyBrick,
  'tennis-ball': tennisBall,
};

/** Gives back the graphics memory of a model, but not the art that others of its kind share. */
export function discard(root: Object3D): void {
  root.traverse((part) => {
    if (!(part instanceof Mesh)) return;
    part.geometry.dispose();
    const used: readonly Material[] = Array.isArray(part.material)
      ? part.material
      : [part.material];
    for (const material of used) {
      if (!(material instanceof ShaderMaterial)) continue;
      const map: unknown = material.uniforms['map']?.value;
      if (map instanceof Texture && map.userData['shared'] !== true) map.dispose();
      material.dispose();
    }
  });
}
