import { contextBridge, ipcRenderer } from 'electron';
import { channels, eventNames } from '../shared/ipc.ts';
import type { KioskApi } from '../shared/ipc.ts';

const request = Object.fromEntries(
  channels.map((channel) => [
    channel,
    (argument?: unknown) => ipcRenderer.invoke(channel, argument ?? null),
  ]),
);

const on = Object.fromEntries(
  eventNames.map((name) => [
    name,
    (listener: (payload: unknown) => void) => {
      const receive = (_event: unknown, payload: unknown) => listener(payload);
      ipcRenderer.on(name, receive);
      return () => ipcRenderer.removeListener(name, receive);
    },
  ]),
);

// Built from the contract's lists, so the names and the types cannot part.
contextBridge.exposeInMainWorld('kiosk', { request, on } as unknown as KioskApi);
