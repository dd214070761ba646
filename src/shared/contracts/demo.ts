import { z } from 'zod';
import type { Region } from '../frame.ts';
import { request, typed } from './contract.ts';
import type { Contract } from './contract.ts';
import { id, nothing } from './values.ts';

/** What the demo's customer can touch in the world view. */
export interface Touchable {
  readonly kind: 'shelf' | 'tray';
  readonly productId: string;
  /** Set for what lies on the tray. */
  readonly instanceId: string | null;
  /** In fractions of the world view. */
  readonly rect: Region;
}

/** What the customer of the virtual tray may cause besides; it is there with that tray alone. */
export const demo = {
  audience: 'demo',
  requests: {
    'demo:touchables': request(nothing, typed<readonly Touchable[]>()),
    'demo:lay': request(z.strictObject({ productId: id })),
    'demo:take': request(z.strictObject({ instanceId: id })),
  },
  messages: {},
  events: { 'demo:touchables-changed': typed<readonly Touchable[]>() },
} satisfies Contract;

export type Demo = typeof demo;
