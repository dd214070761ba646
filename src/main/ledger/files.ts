import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Waits until a file's content is on the disk. */
export function syncFile(file: string): void {
  syncHandle(openSync(file, 'r+'));
}

/** Makes names in the folder as safe as the files that they lead to. */
export function syncFolder(folder: string): void {
  // Windows has no such call, and keeps names by itself.
  if (process.platform !== 'win32') syncHandle(openSync(folder, 'r'));
}

function syncHandle(handle: number): void {
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
