import { describe, expect, it, vi } from 'vitest';
import { scene } from '../../../shared/contracts/scene.ts';
import { fakePage } from '../../../shared/contracts/testing/fake-page.ts';
import type { CameraListener } from '../camera.ts';
import { createTrayCamera } from './tray-camera.ts';

const settings = {
  seed: 1,
  productIds: [],
  worldSize: { width: 800, height: 600 },
  light: { level: 1, warmth: 0, turn: 0 },
  noise: 1,
  orientation: { turned: 90, mirrored: false },
} as const;

function openCamera() {
  const page = fakePage(scene);
  const camera = createTrayCamera(page.port, settings);
  const listener = { thumb: vi.fn(), preview: vi.fn(), status: vi.fn() } satisfies CameraListener;
  camera.start(listener);
  return { camera, page, listener, say: page.say };
}

const photo = (requestId: number, mark: number) => ({
  requestId,
  jpeg: new Uint8Array([mark]),
  width: 4,
  height: 3,
  atMs: 5,
});

describe('the virtual tray as a camera', () => {
  it('configures the scene when it is ready, and says so', () => {
    const { page, listener, say } = openCamera();
    say('scene:ready');
    expect(page.sent).toEqual([{ event: 'scene:configure', payload: settings }]);
    expect(listener.status).toHaveBeenLastCalledWith({ kind: 'ready', label: 'Virtual tray' });
  });

  it('matches photos with their requests in any order', async () => {
    const { camera, page, say } = openCamera();
    say('scene:ready');
    const first = camera.photo({ maxSide: 256 });
    const second = camera.photo({ maxSide: 256 });
    const [id = 0, next = 0] = page.sent.flatMap((sent) =>
      sent.event === 'scene:take-photo'
        ? [(sent.payload as { readonly requestId: number }).requestId]
        : [],
    );
    say('scene:photo', photo(next, 2));
    say('scene:photo', photo(id, 1));
    expect((await first).jpeg[0]).toBe(1);
    expect((await second).jpeg[0]).toBe(2);
  });

  it('fails what was asked when the scene dies, and comes back', async () => {
    const { camera, page, listener, say } = openCamera();
    say('scene:ready');
    const asked = camera.photo({ maxSide: 256 });
    page.die('crashed');
    await expect(asked).rejects.toMatchObject({ fault: 'broken-picture' });
    await expect(camera.photo({ maxSide: 256 })).rejects.toMatchObject({
      fault: 'broken-picture',
    });
    expect(listener.status).toHaveBeenLastCalledWith(expect.objectContaining({ kind: 'lost' }));
    say('scene:ready');
    expect(listener.status).toHaveBeenLastCalledWith(expect.objectContaining({ kind: 'ready' }));
  });

  it('gives up a photo that does not come', async () => {
    vi.useFakeTimers();
    try {
      const { camera, say } = openCamera();
      say('scene:ready');
      const asked = expect(camera.photo({ maxSide: 256 })).rejects.toMatchObject({
        fault: 'timeout',
      });
      await vi.advanceTimersByTimeAsync(2_000);
      await asked;
    } finally {
      vi.useRealTimers();
    }
  });

  it('tells a late listener the layout that stands', () => {
    const { camera, say } = openCamera();
    const items = [
      {
        kind: 'shelf' as const,
        productId: 'lemon',
        rect: { left: 0, top: 0, width: 0.1, height: 0.1 },
      },
    ];
    say('scene:layout', items);
    const heard = vi.fn();
    camera.onLayout(heard);
    expect(heard).toHaveBeenCalledWith(items);
    expect(camera.layout()).toEqual(items);
  });
});

describe('the scene', () => {
  it.each([
    ['scene:thumb', { width: 0, height: 1, grey: new Uint8Array(1), atMs: 0 }],
    ['scene:thumb', { width: 1, height: 1, grey: [1], atMs: 0 }],
    ['scene:thumb', { width: 2, height: 1, grey: new Uint8Array(1), atMs: 0 }],
    [
      'scene:thumb',
      {
        width: 1,
        height: 1,
        grey: new Uint8Array(1),
        chroma: { cb: new Uint8Array(1), cr: new Uint8Array(2) },
        atMs: 0,
      },
    ],
    ['scene:photo', { requestId: 1.5 }],
    ['scene:layout', [{ kind: 'shelf', productId: '../x', rect: {} }]],
    ['scene:weight', -1],
  ] as const)('is not heard with %s and %j', (channel, message) => {
    expect(openCamera().say(channel, message)).toBe(false);
  });
});
