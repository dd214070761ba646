import { expect, test } from 'vitest';
import { videoNodeOf } from './video-node.ts';

const cameras = [
  { device: '/dev/video0', label: 'HD Webcam' },
  { device: '/dev/video2', label: 'Twin' },
  { device: '/dev/video4', label: 'Twin' },
  { device: '/dev/video6', label: 'A camera with a very long name of its own' },
];

test.each([
  ['HD Webcam (046d:082d)', '/dev/video0'],
  ['HD Webcam', '/dev/video0'],
  ['A camera with a very long name (1234:abcd)', '/dev/video6'],
  ['Twin (1234:5678)', null],
  ['Another camera', null],
])('%s is %s', (label, node) => {
  expect(videoNodeOf(label, cameras)).toBe(node);
});

test('the only camera there is fits whatever it is called', () => {
  expect(videoNodeOf('Integrated: Front (04f2:b5ce)', cameras.slice(0, 1))).toBe('/dev/video0');
  expect(videoNodeOf('Integrated', [])).toBeNull();
});
