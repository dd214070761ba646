import { z } from 'zod';

/** What a run of the films is asked to be, by the environment. */
export interface FilmSettings {
  /** FRESHLANE_BENCH_FILMS: the folder of the films. */
  readonly folder: string;
  /** FRESHLANE_BENCH_ONLY: the names to play, as a regular expression. */
  readonly only: RegExp;
  /** FRESHLANE_BENCH_SEEDS: the first seed of the composed films, and how many of each kind. */
  readonly seeds: readonly number[];
  /** FRESHLANE_BENCH_FAULTS=1: tell each fault. */
  readonly tellsFaults: boolean;
  /** FRESHLANE_BENCH_SEGMENTER=0: things are told by the rules alone, not by the model. */
  readonly bySegmenter: boolean;
}

const defaultFolder = '../shared/films';
const defaultSeeds = 20;

const schema = z.object({
  FRESHLANE_BENCH_FILMS: z.string().min(1).default(defaultFolder),
  FRESHLANE_BENCH_ONLY: z
    .string()
    .default('')
    .transform((text, context) => {
      try {
        return new RegExp(text);
      } catch (error) {
        context.addIssue(`is no regular expression: ${error instanceof Error && error.message}`);
        return z.NEVER;
      }
    }),
  FRESHLANE_BENCH_SEEDS: z
    .string()
    .regex(/^\d{1,9},\d{1,4}$/, 'is the first seed and a count, as in 100,20')
    .transform((text) => {
      const [first = 0, count = 0] = text.split(',').map(Number);
      return { first, count };
    })
    .optional(),
  FRESHLANE_BENCH_FAULTS: z.enum(['0', '1']).default('0'),
  FRESHLANE_BENCH_SEGMENTER: z.enum(['0', '1']).default('1'),
});

/** Reads the settings; without seeds so many of them begin at a fresh one, by the clock. */
export function filmSettings(
  env: NodeJS.ProcessEnv,
  nowMs: number,
  count = defaultSeeds,
): FilmSettings {
  const parsed = schema.safeParse(env);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const { data } = parsed;
  const seeds = data.FRESHLANE_BENCH_SEEDS ?? {
    first: Math.floor(nowMs / 1000) % 100_000_000,
    count,
  };
  return {
    folder: data.FRESHLANE_BENCH_FILMS,
    only: data.FRESHLANE_BENCH_ONLY,
    seeds: Array.from({ length: seeds.count }, (_, index) => seeds.first + index),
    tellsFaults: data.FRESHLANE_BENCH_FAULTS === '1',
    bySegmenter: data.FRESHLANE_BENCH_SEGMENTER === '1',
  };
}
