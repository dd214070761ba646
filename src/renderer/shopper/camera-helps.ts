import type { Notice } from '../../shared/snapshot.ts';

const blinding: ReadonlySet<Notice> = new Set([
  'camera-lost',
  'camera-dark',
  'camera-bright',
  'camera-covered',
  'camera-frozen',
  'camera-restless',
  'recognition-down',
]);

/** Whether what is laid on the tray gets into the cart by itself; else that is the wrong advice. */
export function cameraHelps(notices: readonly Notice[]): boolean {
  return !notices.some((notice) => blinding.has(notice));
}
