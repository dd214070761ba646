import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitCommandLine } from './command-line.ts';

test('the lines that node-webcam writes are taken apart', () => {
  expect(
    splitCommandLine(
      'fswebcam  -q  -r 640x480  --jpeg 85     -d /dev/video0    /dev/shm/a-1/b.jpg',
    ),
  ).toEqual([
    ...['fswebcam', '-q', '-r', '640x480', '--jpeg', '85', '-d', '/dev/video0'],
    '/dev/shm/a-1/b.jpg',
  ]);
  expect(splitCommandLine(`imagesnap -w 1 -d 'FaceTime HD Camera' -q /shots/a.jpg`)).toEqual([
    'imagesnap',
    '-w',
    '1',
    '-d',
    'FaceTime HD Camera',
    '-q',
    '/shots/a.jpg',
  ]);
  expect(
    splitCommandLine(String.raw`"C:\Program Files\CommandCam.exe"  /devnum 1 /filename C:\a.jpg`),
  ).toEqual([
    String.raw`C:\Program Files\CommandCam.exe`,
    '/devnum',
    '1',
    '/filename',
    String.raw`C:\a.jpg`,
  ]);
});

test.each([
  '',
  '   ',
  'fswebcam; id',
  'fswebcam | sh',
  'fswebcam > /etc/passwd',
  'fswebcam $(id)',
  'fswebcam `id`',
  'fswebcam -d "$(id)"',
  'fswebcam\nid',
  `fswebcam -d 'a`,
  `fswebcam -d 'a'b`,
  'fswebcam *.jpg',
  'fswebcam &',
  'fswebcam ~/x',
])('%j needs a shell and is refused', (line) => {
  expect(splitCommandLine(line)).toBeNull();
});

test('whatever stands in a line, no word of a bare line means anything to a shell', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
      const words = splitCommandLine(`fswebcam -d ${text}`);
      if (words === null || /['"]/.test(text)) return;
      for (const word of words) expect(word).toMatch(/^[\w@%+=:,./\\-]+$/);
    }),
  );
});
