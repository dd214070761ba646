import { expect, test } from 'vitest';
import { cameraAdvice } from '../advice.ts';
import { PictureError } from '../picture-error.ts';
import { faultOfPicture, faultOfRun } from './fault.ts';

const said = (stderr: string) => faultOfRun({ kind: 'ended', exitCode: 0, stdout: '', stderr });

test.each([
  ['\u001b[31mstat: No such file or directory\n\u001b[0m', 'no-camera'],
  ['/dev/video0: Not a V4L2 device?\nVIDIOCGCAP: Inappropriate ioctl for device', 'no-camera'],
  ['Error opening device: /dev/video0\nopen: Permission denied', 'no-permission'],
  ['Error starting stream.\nVIDIOC_STREAMON: Device or resource busy', 'busy'],
  [
    '/a.jpg: Unknown file format.\nUnable to find a source module that can read /a.jpg.',
    'no-camera',
  ],
  ['Timed out waiting for frame!', 'timeout'],
  ['', 'broken-picture'],
  ['gd-jpeg: something new', 'broken-picture'],
])('%j is %s', (stderr, fault) => {
  expect(said(stderr)).toMatchObject({ fault, advice: cameraAdvice[said(stderr).fault] });
});

test('the ends of a program that says nothing are told apart', () => {
  expect(faultOfRun({ kind: 'not-found' }).fault).toBe('no-program');
  expect(faultOfRun({ kind: 'not-started', reason: 'EACCES' }).fault).toBe('no-program');
  expect(faultOfRun({ kind: 'timeout', stdout: '', stderr: '' }).fault).toBe('timeout');
});

test('a picture that cannot be used is a broken one, unless the decoder was too slow', () => {
  expect(faultOfPicture(new PictureError('truncated', 'cut')).fault).toBe('broken-picture');
  expect(faultOfPicture(new PictureError('timeout', 'slow')).fault).toBe('timeout');
  const known = said('Permission denied');
  expect(faultOfPicture(known)).toBe(known);
});

test('messages carry no colour codes', () => {
  expect(said('\u001b[31mstat: No such file or directory\n\u001b[0m').message).toBe(
    'stat: No such file or directory',
  );
});
