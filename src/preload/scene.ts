import { contextBridge, ipcRenderer } from 'electron';
import type { MainToScene, SceneCapture, SceneToMain } from '../shared/capture.ts';

let listener: ((message: MainToScene) => void) | null = null;
ipcRenderer.on('scene:command', (_event, message: MainToScene) => listener?.(message));

const capture: SceneCapture = {
  send: (message: SceneToMain) => ipcRenderer.send('scene:message', message),
  onMessage: (next) => {
    listener = next;
  },
};

contextBridge.exposeInMainWorld('capture', capture);
