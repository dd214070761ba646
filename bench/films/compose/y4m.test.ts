import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeY4m } from './y4m.ts';

test('a film has a header, and its pictures at the levels of television', () => {
  const folder = mkdtempSync(join(tmpdir(), 'freshlane-y4m-'));
  try {
    const path = join(folder, 'film.y4m');
    const picture = {
      width: 4,
      height: 2,
      luma: Uint8Array.from([0, 255, 128, 0, 0, 0, 0, 0]),
      chroma: { cb: Uint8Array.from([128, 0]), cr: Uint8Array.from([255, 128]) },
    };
    writeY4m(path, [picture, picture], 29.97);
    const bytes = readFileSync(path);
    const end = bytes.indexOf('\n') + 1;
    expect(bytes.subarray(0, end).toString()).toBe(
      'YUV4MPEG2 W4 H2 F29970:1000 Ip A1:1 C420jpeg\n',
    );
    const frame = bytes.subarray(end, end + 6 + 12);
    expect(frame.subarray(0, 6).toString()).toBe('FRAME\n');
    expect([...frame.subarray(6)]).toEqual([16, 235, 126, 16, 16, 16, 16, 16, 128, 16, 240, 128]);
    expect(bytes.subarray(end + 18)).toEqual(frame);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
