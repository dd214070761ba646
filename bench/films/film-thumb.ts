import type { Thumb } from '../../src/shared/frame.ts';
import { thumbFromYuv } from '../../src/shared/thumb.ts';
import type { YuvPicture } from '../../src/shared/thumb.ts';
import type { FilmPicture, Framing } from './film.ts';

/** What the kiosk's tray would be shown of a framing. */
export function filmThumb(picture: FilmPicture, framing: Framing, atMs: number): Thumb {
  const { width, height, luma, chroma } = picture;
  const stride = Math.ceil(width / 2);
  const planes: YuvPicture = {
    width,
    height,
    luma: { bytes: luma, stride: width },
    chroma: chroma && {
      cb: { bytes: chroma.cb, stride },
      cr: { bytes: chroma.cr, stride },
      across: 2,
      down: 2,
      ...(chroma.coding && { coding: chroma.coding }),
    },
  };
  return { ...thumbFromYuv(planes, framing), atMs };
}
