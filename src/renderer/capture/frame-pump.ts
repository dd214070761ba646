import type { CaptureFailure, CapturePreview } from '../../shared/capture-live.ts';
import type { Photo, Thumb } from '../../shared/frame.ts';
import type { ItemRegion } from '../../shared/item-mask.ts';

/** What the pump needs of a VideoFrame. */
export interface Frame {
  clone(): Frame;
  close(): void;
}

export interface FrameWork<F extends Frame> {
  readonly thumb: (frame: F) => Promise<Omit<Thumb, 'atMs'>>;
  /** Has read the frame when it returns, so that the frame may be closed while it still encodes. */
  readonly jpeg: (
    frame: F,
    region: ItemRegion | null,
    maxSide: number,
  ) => Promise<Omit<Photo, 'atMs'>>;
  /** The same for whoever is in a hurry, whatever else is being made. */
  readonly photo: FrameWork<F>['jpeg'];
}

export interface FramePumpParts<F extends Frame> {
  readonly work: FrameWork<F>;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
  readonly after: (delayMs: number, callback: () => void) => () => void;
}

export interface FramePumpListener {
  readonly thumb: (thumb: Thumb) => void;
  readonly preview: (preview: CapturePreview) => void;
  /** The frames ended, stopped coming, or cannot be read. */
  readonly failed: (failure: CaptureFailure) => void;
}

export interface FramePump<F extends Frame> {
  /** Reads until the frames end or another call takes over. */
  run(frames: ReadableStream<F>): void;
  /** Main has taken one in; at most two are sent ahead. */
  taken(what: 'thumb' | 'preview'): void;
  /** From the newest frame. */
  photo(region: ItemRegion | null, maxSide: number): Promise<Photo>;
}

const aheadAtMost = 2;
const previewWidth = 640;
const previewPeriodMs = 1000 / 12;
/** So long previews wait behind a photo: as a rule what it shows is in the cart by then. */
const previewAfterPhotoMs = 150;
const stallMs = 4000;

/** Turns a camera's frames into thumbs and previews, dropping those that main has no time for. */
export function createFramePump<F extends Frame>(
  parts: FramePumpParts<F>,
  listener: FramePumpListener,
): FramePump<F> {
  const { work, now, after } = parts;
  const ahead = { thumb: 0, preview: 0 };
  let newest: { readonly frame: F; readonly atMs: number } | null = null;
  let previewDueAtMs = -Infinity;
  let isEncoding = false;
  let stop = () => {};

  function run(frames: ReadableStream<F>): void {
    stop();
    ahead.thumb = 0;
    ahead.preview = 0;
    const reader = frames.getReader();
    let isRunning = true;
    let cancelStall = () => {};
    stop = () => {
      isRunning = false;
      cancelStall();
      forget();
      void reader.cancel().catch(() => undefined);
    };
    const fail = (name: string, message: string) => {
      if (!isRunning) return;
      stop();
      listener.failed({ name, message });
    };
    const expectFrame = () => {
      cancelStall();
      cancelStall = after(stallMs, () => fail('TimeoutError', 'The camera sends no pictures.'));
    };
    const read = async () => {
      expectFrame();
      for (;;) {
        const { done, value } = await reader.read();
        if (!isRunning) {
          value?.close();
          return;
        }
        if (done) {
          fail('EndedError', 'The camera ended.');
          return;
        }
        expectFrame();
        await take(value);
      }
    };
    read().catch((error: unknown) => {
      fail('EncodingError', error instanceof Error ? error.message : String(error));
    });
  }

  async function take(frame: F): Promise<void> {
    const atMs = now();
    forget();
    newest = { frame, atMs };
    if (ahead.thumb < aheadAtMost) {
      ahead.thumb += 1;
      // The frame may be forgotten, by another run, while it is being read.
      const own = frame.clone() as F;
      try {
        listener.thumb({ ...(await work.thumb(own)), atMs });
      } finally {
        own.close();
      }
    }
    // After the thumb, which the shopper waits for; another run may have taken the frame meanwhile.
    const isDue = !isEncoding && atMs >= previewDueAtMs;
    if (isDue && ahead.preview < aheadAtMost && newest?.frame === frame) {
      previewDueAtMs = atMs + previewPeriodMs;
      ahead.preview += 1;
      void preview(frame);
    }
  }

  async function preview(frame: F): Promise<void> {
    isEncoding = true;
    try {
      listener.preview(await work.jpeg(frame, null, previewWidth));
    } catch {
      // The shopper's picture misses a frame; a broken camera shows in the thumbs.
      ahead.preview -= 1;
    } finally {
      isEncoding = false;
    }
  }

  function forget(): void {
    newest?.frame.close();
    newest = null;
  }

  return {
    run,
    taken: (what) => {
      ahead[what] = Math.max(0, ahead[what] - 1);
    },
    photo: async (region, maxSide) => {
      if (newest === null) throw new Error('There is no picture yet.');
      const { frame, atMs } = newest;
      // A shopper waits for what it shows; the next preview takes no time from it.
      previewDueAtMs = now() + previewAfterPhotoMs;
      return { ...(await work.photo(frame, region, maxSide)), atMs };
    },
  };
}
