import { contextBridge, ipcRenderer } from 'electron';
import { captureChannels } from '../shared/capture-live.ts';
import type { CaptureToMain, LiveCapture, MainToCapture } from '../shared/capture-live.ts';

const send = (message: CaptureToMain) => ipcRenderer.send(captureChannels.toMain, message);

let listener: ((command: MainToCapture) => void) | null = null;
ipcRenderer.on(captureChannels.toPage, (_event, command: MainToCapture) => listener?.(command));

const capture: LiveCapture = {
  ready: () => send({ kind: 'ready' }),
  devices: (devices) => send({ kind: 'devices', devices }),
  opened: ({ label, width, height }) => send({ kind: 'opened', label, width, height }),
  lost: ({ name, message }) => send({ kind: 'lost', name, message }),
  thumb: ({ width, height, grey, chroma, atMs }) =>
    send({ kind: 'thumb', width, height, grey, ...(chroma && { chroma }), atMs }),
  preview: ({ jpeg, width, height }) => send({ kind: 'preview', jpeg, width, height }),
  photo: (requestId, { jpeg, width, height, atMs }) =>
    send({ kind: 'photo', requestId, jpeg, width, height, atMs }),
  photoFailed: (requestId, message) => send({ kind: 'photoFailed', requestId, message }),
  tuned: (requestId, { set, refused }) => send({ kind: 'tuned', requestId, set, refused }),
  onCommand: (next) => {
    listener = next;
  },
};

contextBridge.exposeInMainWorld('capture', capture);
