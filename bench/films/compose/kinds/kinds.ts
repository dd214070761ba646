import { cameraKinds } from './cameras.ts';
import { goodsKinds } from './goods.ts';
import { handKinds } from './hands.ts';
import { anyGround } from './kind.ts';
import type { Kind } from './kind.ts';
import { lightKinds } from './light.ts';
import { sale } from './sale.ts';

const kinds = {
  plain: { rates: [30, 30, 15, 10], grounds: anyGround, play: sale },
  ...lightKinds,
  ...cameraKinds,
  ...handKinds,
  ...goodsKinds,
} satisfies Record<string, Kind>;

/** Figures go by these names: they stay. */
export type KindName = keyof typeof kinds;

export const kindNames = Object.keys(kinds) as readonly KindName[];

export function kindOf(name: KindName): Kind {
  return kinds[name];
}
