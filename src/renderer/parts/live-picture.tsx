import { useEffect, useRef } from 'react';
import type { PreviewPicture } from '../../shared/contracts/shopper.ts';
import type { Size } from './cover.ts';
import { createFramePainter } from './frame-painter.ts';
import './live-picture.css';

export interface LivePictureProps {
  /** For those who do not see it. */
  readonly label: string;
  /** Shows all of each frame instead of filling the box. */
  readonly whole?: boolean;
  readonly subscribe: (listener: (frame: PreviewPicture) => void) => () => void;
  /** Called with the first frame's size and whenever it changes. */
  readonly onSize: (size: Size) => void;
}

/** Draws a stream of JPEG frames; the crop is CSS's, so a resize costs nothing and never flickers. */
export function LivePicture({ label, whole = false, subscribe, onSize }: LivePictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const target = canvas.current;
    const context = target?.getContext('2d', { alpha: false }) ?? null;
    if (target === null || context === null) return;
    const painter = createFramePainter(
      (jpeg) => createImageBitmap(new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' })),
      (bitmap) => {
        // Setting a canvas's size clears it, even to the same value.
        if (target.width !== bitmap.width || target.height !== bitmap.height) {
          target.width = bitmap.width;
          target.height = bitmap.height;
          onSize({ width: bitmap.width, height: bitmap.height });
        }
        context.drawImage(bitmap, 0, 0);
      },
    );
    const unsubscribe = subscribe((frame) => painter.push(frame.jpeg));
    return () => {
      unsubscribe();
      painter.stop();
    };
  }, [subscribe, onSize]);

  return (
    <canvas
      ref={canvas}
      className="live-picture"
      width={1}
      height={1}
      {...(whole ? { 'data-whole': true } : {})}
    >
      {label}
    </canvas>
  );
}
