import { z } from 'zod';
import type { Box, Due, DueNotice, Framing } from './film.ts';

const seconds = z.number().nonnegative();

const boxSchema = z
  .tuple([z.number(), z.number(), z.number(), z.number()])
  .refine(([left, top, right, bottom]) => left < right && top < bottom, {
    error: 'A box is [left, top, right, bottom]',
  })
  .transform(([left, top, right, bottom]): Box => ({ left, top, right, bottom }));

const common = { thing: z.string().nullish(), freeS: seconds, box: boxSchema.nullish() };

const dueSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('placed'), fromS: seconds, ...common }),
    z.object({ kind: z.literal('removed'), ...common }),
  ])
  .refine((due) => due.kind === 'removed' || due.fromS <= due.freeS, {
    error: 'fromS is not before freeS',
  })
  .transform(({ thing = null, box = null, ...due }): Due => ({ ...due, thing, box }));

const framingSchema = z
  .tuple([z.int().positive(), z.int().positive(), z.int().nonnegative(), z.int().nonnegative()])
  .transform(([width, height, left, top]): Framing => ({ width, height, left, top }));

const noticeSchema = z.union([
  z.string().transform((reason): DueNotice => ({ reason, fromS: 0 })),
  z.object({ reason: z.string(), fromS: seconds }),
]);

/** The JSON beside a film, as `../shared/films/README.md` tells; what else it has is for people. */
export const filmDescriptionSchema = z.object({
  film: z.string().regex(/^[^/\\]+$/, 'The film lies beside its description'),
  fps: z.array(z.number().positive().max(120)).min(1),
  framings: z.array(framingSchema).min(1).optional(),
  due: z.array(dueSchema),
  says: z.array(noticeSchema).default([]),
});
export type FilmDescription = z.infer<typeof filmDescriptionSchema>;
