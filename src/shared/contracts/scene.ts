import { z } from 'zod';
import type { FilmScript, ScenePose, SceneSettings, TrayScript } from '../capture.ts';
import type { ItemRegion } from '../item-mask.ts';
import { typed } from './contract.ts';
import type { Contract } from './contract.ts';
import { chroma, id, isWholeThumb, nothing, requestId } from './values.ts';

const fraction = z.number().min(-1).max(2);
const rect = z.strictObject({ left: fraction, top: fraction, width: fraction, height: fraction });
const pixels = z.int().min(1).max(4096);
const bytes = z.instanceof(Uint8Array).refine((value) => value.byteLength <= 8_000_000);

const size = { width: pixels, height: pixels };
const thumb = { ...size, grey: bytes };

/** What the hidden page with the virtual tray says, and what it is told to do. */
export const scene = {
  audience: 'scene',
  requests: {},
  messages: {
    'scene:ready': nothing,
    'scene:thumb': z
      .strictObject({ ...thumb, chroma: z.exactOptional(chroma), atMs: z.number() })
      .refine(isWholeThumb),
    'scene:world-frame': z.strictObject({ ...size, jpeg: bytes }),
    'scene:layout': z
      .array(
        z.strictObject({
          kind: z.enum(['shelf', 'tray']),
          productId: id,
          instanceId: z.exactOptional(id),
          rect,
        }),
      )
      .max(200),
    /** Of all that lies on the tray, in grams. */
    'scene:weight': z.number().min(0).max(100_000),
    'scene:photo': z.strictObject({ requestId, ...size, jpeg: bytes, atMs: z.number() }),
    'scene:posed': z.strictObject({
      requestId,
      ...size,
      /** Thumbs without the new thing, each with a noise of its own. */
      before: z.array(bytes).max(100),
      /** Thumbs with it, at rest. */
      after: z.array(bytes).max(100),
      /** All that lies there, and where in the camera's view. */
      things: z.array(z.strictObject({ thingId: id, region: rect })).max(100),
    }),
    'scene:portrait': z.strictObject({ requestId, thingId: id, webp: bytes }),
    'scene:scripted': z.strictObject({
      requestId,
      /** Of one step, in time's order; the last one is at rest. */
      thumbs: z
        .array(
          z
            .strictObject({ step: z.int(), resting: z.boolean(), ...thumb, chroma })
            .refine(isWholeThumb),
        )
        .max(500),
    }),
    'scene:filmed': z.strictObject({
      requestId,
      step: z.int(),
      resting: z.boolean(),
      jpeg: bytes,
    }),
    'scene:batch-done': z.strictObject({ requestId }),
    /** `fatal`: there will be no more pictures. `requestId` names what failed, if it was asked for. */
    'scene:failed': z.strictObject({
      message: z.string().max(2000),
      fatal: z.boolean(),
      requestId: z.exactOptional(requestId),
    }),
  },
  events: {
    /** First of all, and again whenever something changes; a new seed or shelf clears the tray. */
    'scene:configure': typed<SceneSettings>(),
    'scene:lay': typed<{ readonly productId: string }>(),
    'scene:take': typed<{ readonly instanceId: string }>(),
    'scene:clear': typed<null>(),
    /** A hand over the tray, in fractions of the camera's view, or none. */
    'scene:hand': typed<{ readonly x: number; readonly y: number } | null>(),
    'scene:take-photo': typed<{
      readonly requestId: number;
      readonly region: ItemRegion;
      /** Longest side of the picture, in pixels; 640 at most. */
      readonly maxSide: number;
      /** JPEG quality, 0 to 1. */
      readonly quality: number;
    }>(),
    /** Answered by `scene:posed`. The tray stays so for photos, and the live view rests, until cleared. */
    'scene:pose': typed<{ readonly requestId: number; readonly pose: ScenePose }>(),
    /** Batch work; answered by a `scene:portrait` (WebP, transparent) an id, then `scene:batch-done`. */
    'scene:portraits': typed<{
      readonly requestId: number;
      readonly thingIds: readonly string[];
      /** Of the square pictures, in pixels. */
      readonly side: number;
    }>(),
    /** Batch work; answered by `scene:scripted` for each step in order, then `scene:batch-done`. */
    'scene:script': typed<{ readonly requestId: number; readonly script: TrayScript }>(),
    /** Batch work; answered by a `scene:filmed` a picture in time's order, then `scene:batch-done`. */
    'scene:film': typed<{ readonly requestId: number; readonly film: FilmScript }>(),
  },
} satisfies Contract;

export type Scene = typeof scene;
