import { z } from 'zod';
import type { Chroma, Thumb } from '../../shared/frame.ts';

const plane = z.instanceof(Uint8Array);

export const chroma: z.ZodType<Chroma> = z.strictObject({ cb: plane, cr: plane });

/** Whether each of its planes has a byte for each of its pixels. */
export function isWholeThumb({ width, height, grey, chroma }: Omit<Thumb, 'atMs'>): boolean {
  const planes = chroma === undefined ? [grey] : [grey, chroma.cb, chroma.cr];
  return planes.every(({ length }) => length === width * height);
}
