import type { Group, Quaternion } from 'three';
import type { Random } from '../random.ts';

/** One thing as it was grown or packed: its mesh in centimetres, and how it comes to rest. */
export interface Model {
  readonly group: Group;
  /** A pose in which it lies on a table, drawn at random. */
  rest(random: Random): Quaternion;
  /** The pose in which it is shown: on the shelf and in its portrait. */
  readonly display: Quaternion;
}

export type BuildModel = (random: Random) => Model;
