/** A decoded picture that holds memory until it is closed. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  close(): void;
}

export interface FramePainter {
  /** Shows the JPEG when it is decoded, unless a newer one has come meanwhile. */
  push(jpeg: Uint8Array): void;
  /** Nothing is shown after this; a picture still being decoded is let go. */
  stop(): void;
}

/**
 * Decodes one frame at a time and keeps only the newest of those that wait, so that a slow screen
 * falls behind by one frame at most and never piles them up. A broken frame is passed over.
 */
export function createFramePainter<B extends Bitmap>(
  decode: (jpeg: Uint8Array) => Promise<B>,
  show: (bitmap: B) => void,
): FramePainter {
  let decoding = false;
  let stopped = false;
  let waiting: Uint8Array | null = null;

  async function paint(jpeg: Uint8Array): Promise<void> {
    let bitmap: B;
    try {
      bitmap = await decode(jpeg);
    } catch {
      return;
    }
    try {
      if (!stopped) show(bitmap);
    } finally {
      bitmap.close();
    }
  }

  async function run(first: Uint8Array): Promise<void> {
    decoding = true;
    let next: Uint8Array | null = first;
    while (next !== null && !stopped) {
      await paint(next);
      next = waiting;
      waiting = null;
    }
    decoding = false;
  }

  return {
    push(jpeg) {
      if (stopped) return;
      if (decoding) waiting = jpeg;
      else void run(jpeg);
    },
    stop() {
      stopped = true;
      waiting = null;
    },
  };
}
