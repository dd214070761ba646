import './parse-without-eval.ts';
import { createFakeKiosk } from './fake-kiosk.ts';
import type { FakeKiosk } from './fake-kiosk.ts';
import { drawPreview } from './pictures.ts';
import { sceneNames } from './snapshots.ts';

declare global {
  interface Window {
    gallery: FakeKiosk & {
      readonly sceneNames: readonly string[];
      /** A stand-in for what the camera sees, drawn and sent as a frame. */
      drawFrame(demo: boolean): Promise<void>;
      /** Resolves when what was shown is on the screen. */
      drawn(): Promise<void>;
    };
  }
}

const wished = new URLSearchParams(location.search).get('scene') ?? 'welcome';
const fake = createFakeKiosk(wished);
Object.defineProperty(window, 'shopper', { value: fake.shopper });
Object.defineProperty(window, 'demo', { value: fake.demo });
window.gallery = Object.assign(fake, {
  sceneNames,
  async drawFrame(demo: boolean) {
    fake.frame(await drawPreview(demo));
  },
  drawn: () => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve))),
});

await import('../../src/renderer/shopper/main.tsx');
