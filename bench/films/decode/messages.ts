import { z } from 'zod';

/**
 * What the page that decodes and its main process tell each other, over a protocol of the app's own:
 *
 *   GET  /films          ─▶ FilmJob[]
 *   GET  /films/ID       ─▶ the file
 *   POST /films/ID       ◀─ some I420 pictures, one behind the other
 *   POST /films/ID/end   ◀─ DecodeResult
 *   POST /done
 */
export const decodeOrigin = 'film://decoder';

/** A file to decode, and the folder in which its pictures and what is known of them are written. */
export const filmJobSchema = z.object({
  id: z.string(),
  path: z.string(),
  folder: z.string(),
});
export type FilmJob = z.infer<typeof filmJobSchema>;

export const decodedHeadSchema = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  /** When each picture is shown, from the first on. */
  timesMs: z.array(z.number()).min(1),
  /** All its colours are neutral. */
  isGrey: z.boolean(),
  /** How its numbers stand for brightness and colour. */
  coding: z.object({ matrix: z.enum(['bt601', 'bt709', 'bt2020']), fullRange: z.boolean() }),
});
/** What is known of a decoded film. */
export type DecodedHead = z.infer<typeof decodedHeadSchema>;

export const decodeResultSchema = z.union([
  z.object({ head: decodedHeadSchema }),
  z.object({ error: z.string() }),
]);
export type DecodeResult = z.infer<typeof decodeResultSchema>;

/** Below a job's folder. */
export const framesFile = 'frames.i420';
export const resultFile = 'result.json';
