import { z } from 'zod';
import type { Chroma, Thumb } from '../frame.ts';

export const nothing = z.null();

/** Ids are made by this app or come from its catalogue: short, and plain in logs and urls. */
export const id = z.string().regex(/^[\w.:-]{1,100}$/);

/** Counts what one side asks of the other, so that each answer finds its question. */
export const requestId = z.int().min(0);

const plane = z.instanceof(Uint8Array);

export const chroma: z.ZodType<Chroma> = z.strictObject({ cb: plane, cr: plane });

/** Whether each of its planes has a byte for each of its pixels. */
export function isWholeThumb({ width, height, grey, chroma }: Omit<Thumb, 'atMs'>): boolean {
  const planes = chroma === undefined ? [grey] : [grey, chroma.cb, chroma.cr];
  return planes.every(({ length }) => length === width * height);
}
