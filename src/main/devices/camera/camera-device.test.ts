import { expect, test, vi } from 'vitest';
import { CameraError } from '../../camera/camera.ts';
import type { Camera, CameraListener } from '../../camera/camera.ts';
import { cameraDevice } from './camera-device.ts';

function opened(photo: Camera['photo']) {
  let listener: CameraListener | null = null;
  const camera: Camera = {
    kind: 'live',
    start: (given) => {
      listener = given;
    },
    photo,
    stop: () => Promise.resolve(),
  };
  return { camera, listener: () => listener! };
}
const picture = { jpeg: new Uint8Array(), width: 320, height: 240 } as Awaited<
  ReturnType<Camera['photo']>
>;

test('what a camera tells whoever looks through it is its status too', () => {
  const { camera, listener } = opened(async () => picture);
  const device = cameraDevice(camera);
  const status = vi.fn();
  device.camera.start({ thumb: () => undefined, preview: () => undefined, status });
  expect(device.status()).toMatchObject({ kind: 'starting' });
  listener().status({ kind: 'lost', fault: 'no-camera', advice: 'Plug it in.' });
  expect(device.status()).toMatchObject({
    kind: 'lost',
    code: 'no-camera',
    advice: 'Plug it in.',
  });
  listener().status({ kind: 'ready', label: 'USB camera' });
  expect(device.status()).toMatchObject({ kind: 'ready', label: 'USB camera' });
  expect(status).toHaveBeenCalledTimes(2);
});

test('its test takes a real picture, and says why there is none', async () => {
  expect(await cameraDevice(opened(async () => picture).camera).test()).toMatchObject({
    kind: 'passed',
    detail: 'A picture of 320 × 240.',
  });
  const broken = opened(() => Promise.reject(new CameraError('busy', 'It is busy.', 'Close it.')));
  expect(await cameraDevice(broken.camera).test()).toEqual({
    kind: 'failed',
    message: 'It is busy.',
  });
});
