/** The smallest and the largest mass of one piece, in grams. */
export interface MassRange {
  readonly min: number;
  readonly max: number;
}

/** A product of the demo shop; its id is also its tag in the recogniser and its picture's name. */
export interface DemoProduct {
  readonly id: string;
  readonly kind: 'fruit' | 'vegetable' | 'carton' | 'tin' | 'box';
  readonly soldBy: 'piece' | 'weight';
  readonly massGrams: MassRange;
}

/** A thing that the demo shop does not sell. */
export interface Stranger {
  readonly id: string;
  /** `train`: may be shown to the recogniser as a negative; `test`: never, it only tests refusal. */
  readonly use: 'train' | 'test';
  readonly massGrams: MassRange;
}

export const demoProducts = [
  { id: 'banana', kind: 'fruit', soldBy: 'piece', massGrams: { min: 110, max: 150 } },
  { id: 'red-apple', kind: 'fruit', soldBy: 'piece', massGrams: { min: 150, max: 210 } },
  { id: 'green-apple', kind: 'fruit', soldBy: 'piece', massGrams: { min: 150, max: 205 } },
  { id: 'orange', kind: 'fruit', soldBy: 'piece', massGrams: { min: 170, max: 240 } },
  { id: 'lemon', kind: 'fruit', soldBy: 'piece', massGrams: { min: 85, max: 125 } },
  { id: 'avocado', kind: 'fruit', soldBy: 'piece', massGrams: { min: 160, max: 220 } },
  { id: 'tomato', kind: 'vegetable', soldBy: 'weight', massGrams: { min: 90, max: 150 } },
  { id: 'carrot', kind: 'vegetable', soldBy: 'weight', massGrams: { min: 70, max: 120 } },
  { id: 'red-pepper', kind: 'vegetable', soldBy: 'piece', massGrams: { min: 150, max: 210 } },
  { id: 'cucumber', kind: 'vegetable', soldBy: 'piece', massGrams: { min: 330, max: 420 } },
  { id: 'aubergine', kind: 'vegetable', soldBy: 'piece', massGrams: { min: 260, max: 340 } },
  { id: 'milk', kind: 'carton', soldBy: 'piece', massGrams: { min: 1058, max: 1064 } },
  { id: 'orange-juice', kind: 'carton', soldBy: 'piece', massGrams: { min: 1072, max: 1080 } },
  { id: 'baked-beans', kind: 'tin', soldBy: 'piece', massGrams: { min: 466, max: 472 } },
  { id: 'chopped-tomatoes', kind: 'tin', soldBy: 'piece', massGrams: { min: 455, max: 461 } },
  { id: 'pasta', kind: 'box', soldBy: 'piece', massGrams: { min: 528, max: 536 } },
] as const satisfies readonly DemoProduct[];

export const strangers = [
  { id: 'mug', use: 'train', massGrams: { min: 310, max: 350 } },
  { id: 'phone', use: 'train', massGrams: { min: 170, max: 200 } },
  { id: 'sponge', use: 'train', massGrams: { min: 8, max: 12 } },
  { id: 'book', use: 'train', massGrams: { min: 240, max: 300 } },
  { id: 'hand', use: 'train', massGrams: { min: 0, max: 0 } },
  { id: 'keys', use: 'test', massGrams: { min: 50, max: 80 } },
  { id: 'wallet', use: 'test', massGrams: { min: 110, max: 150 } },
  { id: 'toy-brick', use: 'test', massGrams: { min: 20, max: 30 } },
  { id: 'tennis-ball', use: 'test', massGrams: { min: 56, max: 60 } },
] as const satisfies readonly Stranger[];

export type DemoProductId = (typeof demoProducts)[number]['id'];
export type StrangerId = (typeof strangers)[number]['id'];

/** Anything that the virtual tray can show. */
export type ThingId = DemoProductId | StrangerId;

const massById: ReadonlyMap<string, MassRange> = new Map(
  [...demoProducts, ...strangers].map((thing) => [thing.id, thing.massGrams]),
);

export function isThingId(id: string): id is ThingId {
  return massById.has(id);
}

export function massRangeOf(id: ThingId): MassRange {
  const range = massById.get(id);
  if (range === undefined) throw new RangeError(`no such thing: ${id}`);
  return range;
}
