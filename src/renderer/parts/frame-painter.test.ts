import { describe, expect, it } from 'vitest';
import { createFramePainter } from './frame-painter.ts';
import type { Bitmap } from './frame-painter.ts';

interface FakeBitmap extends Bitmap {
  readonly id: number;
}

function stage() {
  const shown: number[] = [];
  const closed: number[] = [];
  const decodes = new Map<number, { finish: () => void; fail: () => void }>();
  const painter = createFramePainter<FakeBitmap>(
    (jpeg) =>
      new Promise((resolve, reject) => {
        const id = jpeg[0] ?? -1;
        decodes.set(id, {
          finish: () => resolve({ id, width: 4, height: 3, close: () => closed.push(id) }),
          fail: () => reject(new Error('not a JPEG')),
        });
      }),
    (bitmap) => shown.push(bitmap.id),
  );
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    painter,
    shown,
    closed,
    decodes,
    async finish(id: number) {
      decodes.get(id)?.finish();
      await settled();
    },
    async fail(id: number) {
      decodes.get(id)?.fail();
      await settled();
    },
  };
}

const frame = (id: number) => new Uint8Array([id]);

describe('the frame painter', () => {
  it('drops what became stale while a frame was decoded', async () => {
    const { painter, shown, decodes, finish } = stage();
    painter.push(frame(1));
    painter.push(frame(2));
    painter.push(frame(3));
    painter.push(frame(4));
    expect([...decodes.keys()]).toEqual([1]);
    await finish(1);
    expect([...decodes.keys()]).toEqual([1, 4]);
    await finish(4);
    expect(shown).toEqual([1, 4]);
  });

  it('closes every bitmap that it decoded, shown or not', async () => {
    const { painter, shown, closed, finish } = stage();
    painter.push(frame(1));
    await finish(1);
    painter.push(frame(2));
    painter.stop();
    await finish(2);
    expect(shown).toEqual([1]);
    expect(closed).toEqual([1, 2]);
  });

  it('goes on after a broken frame', async () => {
    const { painter, shown, finish, fail } = stage();
    painter.push(frame(1));
    await fail(1);
    painter.push(frame(2));
    await finish(2);
    expect(shown).toEqual([2]);
  });

  it('takes no frame after it was stopped', () => {
    const { painter, decodes } = stage();
    painter.stop();
    painter.push(frame(1));
    expect(decodes.size).toBe(0);
  });
});
