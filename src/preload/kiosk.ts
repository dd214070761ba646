import { contextBridge, ipcRenderer } from 'electron';
import { channels, eventNames } from '../shared/ipc.ts';
import type { KioskApi } from '../shared/ipc.ts';

const request = Object.fromEntries(
  channels.map((channel) => [
    channel,
    (argument?: unknown) => ipcRenderer.invoke(channel, argument ?? null),
  ]),
);

// A part of the page may begin to listen long after the last change: it gets what holds at once.
const latest = new Map<string, unknown>();
const listeners = new Map(eventNames.map((name) => [name, new Set<(payload: unknown) => void>()]));
for (const [name, those] of listeners) {
  ipcRenderer.on(name, (_event, payload: unknown) => {
    latest.set(name, payload);
    for (const listener of those) listener(payload);
  });
}

const on = Object.fromEntries(
  [...listeners].map(([name, those]) => [
    name,
    (listener: (payload: unknown) => void) => {
      those.add(listener);
      if (latest.has(name)) listener(latest.get(name));
      return () => those.delete(listener);
    },
  ]),
);

// Built from the contract's lists, so the names and the types cannot part.
contextBridge.exposeInMainWorld('kiosk', { request, on } as unknown as KioskApi);
