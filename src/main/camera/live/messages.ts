import { z } from 'zod';
import type { CaptureToMain } from '../../../shared/capture-live.ts';
import { tuningGoals, tuningRefusals } from '../../../shared/camera-tuning.ts';
import { thumbSide } from '../../../shared/thumb.ts';
import { chroma, isWholeThumb } from '../thumb-planes.ts';

const largestJpegBytes = 16_000_000;

const side = z.number().int().min(1).max(10_000);
// A camera may not tell its size before the first frame.
const zeroOrSide = z.number().int().min(0).max(10_000);
const text = z.string().max(1000);
const time = z.number().finite();
const jpeg = z
  .instanceof(Uint8Array)
  .refine(
    (bytes) => bytes.length <= largestJpegBytes && bytes[0] === 0xff && bytes[1] === 0xd8,
    'not a JPEG of at most 16 MB',
  );
const requestId = z.number().int().nonnegative();
const goal = z.enum(tuningGoals);
/** A goal may be set, and something be said against it. */
const goalsAtMost = 2 * tuningGoals.length;

const message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({
    kind: z.literal('devices'),
    devices: z.array(z.object({ id: text, label: text })).max(64),
  }),
  z.object({ kind: z.literal('opened'), label: text, width: zeroOrSide, height: zeroOrSide }),
  z.object({ kind: z.literal('lost'), name: text, message: text }),
  z
    .object({
      kind: z.literal('thumb'),
      width: z.number().int().min(1).max(thumbSide),
      height: z.number().int().min(1).max(thumbSide),
      grey: z.instanceof(Uint8Array),
      chroma: z.exactOptional(chroma),
      atMs: time,
    })
    .refine(isWholeThumb, 'not width × height'),
  z.object({ kind: z.literal('preview'), jpeg, width: side, height: side }),
  z.object({ kind: z.literal('photo'), requestId, jpeg, width: side, height: side, atMs: time }),
  z.object({ kind: z.literal('photoFailed'), requestId, message: text }),
  z.object({
    kind: z.literal('tuned'),
    requestId,
    set: z.array(z.object({ goal, value: text })).max(goalsAtMost),
    refused: z
      .array(z.object({ goal, reason: z.enum(tuningRefusals), detail: z.exactOptional(text) }))
      .max(goalsAtMost),
  }),
]);

/** What a capture window sent, or null: that window shows a page of ours but is not trusted. */
export function parseCaptureMessage(value: unknown): CaptureToMain | null {
  const parsed = message.safeParse(value);
  return parsed.success ? parsed.data : null;
}
