import { z } from 'zod';
import type { SceneToMain } from '../../../shared/capture.ts';
import { chroma, isWholeThumb } from '../thumb-planes.ts';

const fraction = z.number().min(-1).max(2);
const rect = z.strictObject({ left: fraction, top: fraction, width: fraction, height: fraction });
const pixels = z.int().min(1).max(4096);
const bytes = z.instanceof(Uint8Array).refine((value) => value.byteLength <= 8_000_000);
const id = z.string().regex(/^[\w.:-]{1,100}$/);
const requestId = z.int().min(0);

const size = { width: pixels, height: pixels };
const thumb = { ...size, grey: bytes };

/** What the scene window may say; a message of any other form is dropped and logged. */
export const sceneToMain: z.ZodType<SceneToMain> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z
    .strictObject({
      kind: z.literal('thumb'),
      ...thumb,
      chroma: z.exactOptional(chroma),
      atMs: z.number(),
    })
    .refine(isWholeThumb),
  z.strictObject({ kind: z.literal('worldFrame'), ...size, jpeg: bytes }),
  z.strictObject({
    kind: z.literal('layout'),
    items: z
      .array(
        z.strictObject({
          kind: z.enum(['shelf', 'tray']),
          productId: id,
          instanceId: z.exactOptional(id),
          rect,
        }),
      )
      .max(200),
  }),
  z.strictObject({
    kind: z.literal('photo'),
    requestId,
    ...size,
    jpeg: bytes,
    atMs: z.number(),
  }),
  z.strictObject({ kind: z.literal('weight'), totalGrams: z.number().min(0).max(100_000) }),
  z.strictObject({
    kind: z.literal('posed'),
    requestId,
    ...size,
    before: z.array(bytes).max(100),
    after: z.array(bytes).max(100),
    things: z.array(z.strictObject({ thingId: id, region: rect })).max(100),
  }),
  z.strictObject({ kind: z.literal('portrait'), requestId, thingId: id, webp: bytes }),
  z.strictObject({
    kind: z.literal('scripted'),
    requestId,
    thumbs: z
      .array(
        z
          .strictObject({ step: z.int(), resting: z.boolean(), ...thumb, chroma })
          .refine(isWholeThumb),
      )
      .max(500),
  }),
  z.strictObject({
    kind: z.literal('filmed'),
    requestId,
    step: z.int(),
    resting: z.boolean(),
    jpeg: bytes,
  }),
  z.strictObject({ kind: z.literal('batchDone'), requestId }),
  z.strictObject({
    kind: z.literal('failed'),
    message: z.string().max(2000),
    fatal: z.boolean(),
    requestId: z.exactOptional(requestId),
  }),
]);
