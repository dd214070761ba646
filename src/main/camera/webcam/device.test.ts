import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAllowedDevice } from './device.ts';
import { splitCommandLine } from './command-line.ts';

const linux = { platform: 'linux', listed: [], pictureSources: false } as const;
const withFiles = { ...linux, pictureSources: true };

test.each(['/dev/video0', '/dev/video12', '/dev/v4l/by-id/usb-046d_HD_Pro_C920-video-index0'])(
  '%s is a device on Linux',
  (device) => expect(isAllowedDevice(device, linux)).toBe(true),
);

test.each([
  '',
  '/dev/null',
  '/dev/sda',
  '/dev/video',
  '/dev/video0 --exec id',
  '/dev/video0\n',
  '/dev/video0;id',
  '/dev/../etc/passwd',
  '/dev/v4l/by-id/../../sda',
  '/dev/v4l/by-id/a b',
  'TEST: --exec id',
  'FILE:/a.jpg --exec id',
  'FILE:relative.jpg',
  'FILE:/a/../b.jpg',
  'FILE:/a.png',
  'FILE:/etc/passwd',
  'FILE:/%Y.jpg',
  'RAW:/dev/sda',
  '-v',
])('%j is none, even where picture files are', (device) => {
  expect(isAllowedDevice(device, withFiles)).toBe(false);
});

test('picture files and colour bars are devices only where that is asked for', () => {
  for (const device of ['TEST:', 'FILE:/shots/tray-1/scene.jpg', 'FILE:/a_b.jpeg']) {
    expect(isAllowedDevice(device, withFiles)).toBe(true);
    expect(isAllowedDevice(device, linux)).toBe(false);
  }
});

test('elsewhere only listed devices count, and of those only harmless names', () => {
  const names = ['FaceTime HD Camera', `Bob's camera`, '$(id)', '1', '2; id'];
  const allowed = (platform: 'darwin' | 'win32', device: string) =>
    isAllowedDevice(device, { platform, listed: names, pictureSources: true });
  expect(allowed('darwin', 'FaceTime HD Camera')).toBe(true);
  expect(allowed('darwin', 'Other Camera')).toBe(false);
  expect(allowed('darwin', `Bob's camera`)).toBe(false);
  expect(allowed('darwin', '$(id)')).toBe(false);
  expect(allowed('win32', '1')).toBe(true);
  expect(allowed('win32', '2')).toBe(false);
  expect(allowed('win32', '2; id')).toBe(false);
});

test('no device that is allowed on Linux is more than one word', () => {
  const piece = fc.constantFrom(
    '/dev/video',
    '0',
    'FILE:',
    '/a',
    '.jpg',
    ' ',
    '--exec',
    ';',
    '$(',
    '\n',
    '/dev/v4l/by-id/',
    '..',
    'x',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const device = pieces.join('');
      if (!isAllowedDevice(device, withFiles)) return;
      expect(splitCommandLine(`fswebcam -d ${device} out.jpg`)).toEqual([
        'fswebcam',
        '-d',
        device,
        'out.jpg',
      ]);
    }),
    { numRuns: 2000 },
  );
});
