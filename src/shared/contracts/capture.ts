import { z } from 'zod';
import { tuningGoals, tuningRefusals } from '../camera-tuning.ts';
import type { TuningStep } from '../camera-tuning.ts';
import type { CameraWish } from '../capture-live.ts';
import type { ItemRegion } from '../item-mask.ts';
import { thumbSide } from '../thumb.ts';
import { typed } from './contract.ts';
import type { Contract } from './contract.ts';
import { chroma, isWholeThumb, nothing, requestId } from './values.ts';

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
const goal = z.enum(tuningGoals);
/** A goal may be set, and something be said against it. */
const goalsAtMost = 2 * tuningGoals.length;

/** What the hidden page with the camera says, and what it is told to do. */
export const capture = {
  audience: 'capture',
  requests: {},
  messages: {
    /** Listening; the first of all messages. */
    'capture:ready': nothing,
    'capture:devices': z.array(z.object({ id: text, label: text })).max(64),
    'capture:opened': z.object({ label: text, width: zeroOrSide, height: zeroOrSide }),
    /** It is tried again without being asked. */
    'capture:lost': z.object({ name: text, message: text }),
    'capture:thumb': z
      .object({
        width: z.number().int().min(1).max(thumbSide),
        height: z.number().int().min(1).max(thumbSide),
        grey: z.instanceof(Uint8Array),
        chroma: z.exactOptional(chroma),
        atMs: time,
      })
      .refine(isWholeThumb, 'not width × height'),
    'capture:preview': z.object({ jpeg, width: side, height: side }),
    'capture:photo': z.object({ requestId, jpeg, width: side, height: side, atMs: time }),
    'capture:photo-failed': z.object({ requestId, message: text }),
    'capture:tuned': z.object({
      requestId,
      set: z.array(z.object({ goal, value: text })).max(goalsAtMost),
      refused: z
        .array(z.object({ goal, reason: z.enum(tuningRefusals), detail: z.exactOptional(text) }))
        .max(goalsAtMost),
    }),
  },
  events: {
    /** Closes what is open, and keeps the wished camera open from now on. */
    'capture:open': typed<CameraWish>(),
    /** One thumb or preview was taken in; the page sends no more than two ahead. */
    'capture:taken': typed<'thumb' | 'preview'>(),
    /** Answered by `capture:photo` or `capture:photo-failed`. */
    'capture:take-photo': typed<{
      readonly requestId: number;
      readonly region: ItemRegion | null;
      readonly maxSide: number;
    }>(),
    /** Asks the open camera to find its values or to hold them; answered by `capture:tuned`. */
    'capture:tune': typed<{ readonly requestId: number; readonly step: TuningStep }>(),
  },
} satisfies Contract;

export type Capture = typeof capture;
