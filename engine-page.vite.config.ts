import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The engine's page: a web page for any browser, apart from the kiosk's windows. */
export default defineConfig({
  root: resolve(import.meta.dirname, 'src/renderer/engine-page'),
  plugins: [react()],
  build: {
    outDir: resolve(import.meta.dirname, 'out/engine-page'),
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
