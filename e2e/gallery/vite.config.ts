import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Every screen of the shopper's window with made-up state; never shipped. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [react()],
  server: { fs: { allow: ['../..'] } },
  build: {
    target: 'chrome130',
    assetsInlineLimit: 0,
    rolldownOptions: { input: fileURLToPath(new URL('gallery.html', import.meta.url)) },
  },
});
