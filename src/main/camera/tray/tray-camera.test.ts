import { describe, expect, it, vi } from 'vitest';
import type { MainToScene, SceneToMain } from '../../../shared/capture.ts';
import type { CameraListener } from '../camera.ts';
import { sceneToMain } from './scene-messages.ts';
import { createTrayCamera } from './tray-camera.ts';
import type { ScenePort } from './tray-camera.ts';

const settings = {
  seed: 1,
  productIds: [],
  worldSize: { width: 800, height: 600 },
  light: { level: 1, warmth: 0, turn: 0 },
  noise: 1,
  orientation: { turned: 90, mirrored: false },
} as const;

function openCamera() {
  const sent: MainToScene[] = [];
  let scene: Parameters<ScenePort['open']>[0] | undefined;
  const camera = createTrayCamera(
    {
      open: (listener) => {
        scene = listener;
      },
      send: (message) => void sent.push(message),
      close: () => Promise.resolve(),
    },
    settings,
  );
  const listener = { thumb: vi.fn(), preview: vi.fn(), status: vi.fn() } satisfies CameraListener;
  camera.start(listener);
  const say = (message: SceneToMain) => scene?.message(message);
  return { camera, sent, listener, say, gone: () => scene?.gone() };
}

const photo = (requestId: number): SceneToMain => ({
  kind: 'photo',
  requestId,
  jpeg: new Uint8Array([requestId]),
  width: 4,
  height: 3,
  atMs: 5,
});

describe('the virtual tray as a camera', () => {
  it('configures the scene when it is ready, and says so', () => {
    const { sent, listener, say } = openCamera();
    say({ kind: 'ready' });
    expect(sent).toEqual([{ kind: 'configure', ...settings }]);
    expect(listener.status).toHaveBeenLastCalledWith({ kind: 'ready', label: 'Virtual tray' });
  });

  it('matches photos with their requests in any order', async () => {
    const { camera, say } = openCamera();
    say({ kind: 'ready' });
    const first = camera.photo({ maxSide: 256 });
    const second = camera.photo({ maxSide: 256 });
    say(photo(2));
    say(photo(1));
    expect((await first).jpeg[0]).toBe(1);
    expect((await second).jpeg[0]).toBe(2);
  });

  it('fails what was asked when the scene dies, and comes back', async () => {
    const { camera, listener, say, gone } = openCamera();
    say({ kind: 'ready' });
    const asked = camera.photo({ maxSide: 256 });
    gone();
    await expect(asked).rejects.toMatchObject({ fault: 'broken-picture' });
    await expect(camera.photo({ maxSide: 256 })).rejects.toMatchObject({
      fault: 'broken-picture',
    });
    expect(listener.status).toHaveBeenLastCalledWith(expect.objectContaining({ kind: 'lost' }));
    say({ kind: 'ready' });
    expect(listener.status).toHaveBeenLastCalledWith(expect.objectContaining({ kind: 'ready' }));
  });

  it('gives up a photo that does not come', async () => {
    vi.useFakeTimers();
    try {
      const { camera, say } = openCamera();
      say({ kind: 'ready' });
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
    say({ kind: 'layout', items });
    const heard = vi.fn();
    camera.onLayout(heard);
    expect(heard).toHaveBeenCalledWith(items);
  });
});

describe('sceneToMain', () => {
  it.each([
    { kind: 'thumb', width: 0, height: 1, grey: new Uint8Array(1), atMs: 0 },
    { kind: 'thumb', width: 1, height: 1, grey: [1], atMs: 0 },
    { kind: 'thumb', width: 2, height: 1, grey: new Uint8Array(1), atMs: 0 },
    {
      kind: 'thumb',
      width: 1,
      height: 1,
      grey: new Uint8Array(1),
      chroma: { cb: new Uint8Array(1), cr: new Uint8Array(2) },
      atMs: 0,
    },
    { kind: 'photo', requestId: 1.5 },
    { kind: 'layout', items: [{ kind: 'shelf', productId: '../x', rect: {} }] },
    { kind: 'weight', totalGrams: -1 },
    { kind: 'anything' },
    null,
  ])('drops %j', (message) => {
    expect(sceneToMain.safeParse(message).success).toBe(false);
  });
});
