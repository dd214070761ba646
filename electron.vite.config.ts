import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const source = (path: string) => resolve(import.meta.dirname, 'src', path);

export default defineConfig({
  main: {
    build: {
      // Hundreds of files otherwise, loaded anew by each process while main can do nothing else.
      externalizeDeps: {
        exclude: [
          'zod',
          'prom-client',
          '@azure/cognitiveservices-customvision-prediction',
          '@azure/cognitiveservices-customvision-training',
          '@azure/ms-rest-js',
        ],
      },
      rollupOptions: {
        input: {
          index: source('main/index.ts'),
          'batch-render': source('main/batch-render/index.ts'),
          'ledger-worker': source('main/ledger/ledger-worker.ts'),
          'pictures-worker': source('main/camera/pictures-worker.ts'),
          'segmenter-worker': source('main/tray/segmenter/segmenter-worker.ts'),
          'webcam-host': source('main/camera/webcam/webcam-host.ts'),
          classify: source('main/classify/index.ts'),
          ledger: source('main/ledger/ledger-cli.ts'),
          engine: source('engine/cli.ts'),
          'engine-utility': source('engine/utility.ts'),
          'inference-worker': source('engine/inference-worker.ts'),
          'training-worker': source('engine/training-worker.ts'),
        },
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
        },
      },
    },
  },
  preload: {
    build: {
      // A sandboxed preload can load nothing but Electron: it is one file with all that it uses.
      externalizeDeps: false,
      rollupOptions: {
        input: { window: source('preload/window.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: source('renderer'),
    base: './',
    plugins: [react()],
    build: {
      outDir: resolve(import.meta.dirname, 'out/renderer'),
      emptyOutDir: true,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rollupOptions: {
        input: {
          shopper: source('renderer/shopper/index.html'),
          capture: source('renderer/capture/index.html'),
          'tray-scene': source('renderer/tray-scene/index.html'),
        },
      },
    },
  },
});
