import { closeSync, openSync, writeSync } from 'node:fs';
import type { FilmPicture } from '../film.ts';

/** Writes pictures as YUV4MPEG2, which Chromium's pretended camera plays round and round. */
export function writeY4m(
  path: string,
  pictures: Iterable<FilmPicture>,
  framesPerSecond: number,
): void {
  const file = openSync(path, 'w');
  try {
    let isFirst = true;
    for (const { width, height, luma, chroma } of pictures) {
      if (chroma === null) throw new Error('A grey picture has no colours to write.');
      if (isFirst) {
        const rate = `F${Math.round(framesPerSecond * 1000)}:1000`;
        writeSync(file, `YUV4MPEG2 W${width} H${height} ${rate} Ip A1:1 C420jpeg\n`);
        isFirst = false;
      }
      writeSync(file, 'FRAME\n');
      writeSync(
        file,
        luma.map((level) => lumaTable[level]!),
      );
      writeSync(
        file,
        chroma.cb.map((level) => chromaTable[level]!),
      );
      writeSync(
        file,
        chroma.cr.map((level) => chromaTable[level]!),
      );
    }
  } finally {
    closeSync(file);
  }
}

// Its readers take levels for those of television, black at 16 and white at 235.
const lumaTable = Uint8Array.from({ length: 256 }, (_, level) => 16.5 + (level * 219) / 255);
const chromaTable = Uint8Array.from(
  { length: 256 },
  (_, level) => 128.5 + ((level - 128) * 224) / 255,
);
