import { contextBridge, ipcRenderer } from 'electron';
import type { IpcRendererEvent } from 'electron';
import { exposedIn } from '../shared/contracts/exposed.ts';

type Listener = (payload: unknown) => void;

function methods(
  names: readonly string[],
  method: (name: string) => (argument: never) => unknown,
): object {
  return Object.fromEntries(names.map((name) => [name, method(name)]));
}

// Main says by name what this window's page may ask; whether it may is checked there all the same.
for (const { audience, requests, messages, events } of exposedIn(process.argv)) {
  contextBridge.exposeInMainWorld(audience, {
    request: methods(
      requests,
      (channel) => (argument?: unknown) => ipcRenderer.invoke(channel, argument ?? null),
    ),
    tell: methods(
      messages,
      (channel) => (message?: unknown) => ipcRenderer.send(channel, message ?? null),
    ),
    on: methods(events, (event) => (listener: Listener) => {
      const heard = (_event: IpcRendererEvent, payload: unknown) => listener(payload);
      ipcRenderer.on(event, heard);
      return () => {
        ipcRenderer.removeListener(event, heard);
      };
    }),
  });
}
