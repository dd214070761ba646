import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserWindow } from 'electron';

/** Touches a window as a finger does, and looks at it. */
export interface Hand {
  /** Presses the visible key that is called so, or begins so. Rejects where there is none in time. */
  readonly touch: (name: string) => Promise<void>;
  /** Resolves once the window shows that screen. */
  readonly sees: (screen: string) => Promise<void>;
  /** Saves what the window shows as a PNG; does nothing without a folder. */
  readonly picture: (folder: string | null, name: string) => Promise<void>;
}

const patienceMs = 15_000;
const lookEveryMs = 100;

export function createHand(window: BrowserWindow): Hand {
  const contents = window.webContents;

  const inPage = (code: string): Promise<unknown> => contents.executeJavaScript(code);

  const wait = async <T>(what: string, look: () => Promise<T | null>): Promise<T> => {
    const startedMs = performance.now();
    for (;;) {
      const found = await look();
      if (found !== null) return found;
      if (performance.now() - startedMs > patienceMs) throw new Error(`The window lacks ${what}.`);
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
  };

  return {
    touch: async (name) => {
      const at = await wait(`a key "${name}"`, async () => {
        const found = await inPage(findKey(name));
        return isPoint(found) ? found : null;
      });
      const point = { x: Math.round(at.x), y: Math.round(at.y) };
      contents.sendInputEvent({ type: 'mouseDown', ...point, button: 'left', clickCount: 1 });
      contents.sendInputEvent({ type: 'mouseUp', ...point, button: 'left', clickCount: 1 });
    },
    sees: async (screen) => {
      const selector = JSON.stringify(`[data-screen="${screen}"]`);
      await wait(`the screen "${screen}"`, async () =>
        (await inPage(`document.querySelector(${selector}) !== null`)) === true ? true : null,
      );
    },
    picture: async (folder, name) => {
      if (folder === null) return;
      // Two frames and the short motion of a new screen, so that it is seen at rest.
      await inPage(
        `Promise.all(document.getAnimations().map((one) => one.effect?.getTiming().iterations === Infinity ? null : one.finished.catch(() => null)))
          .then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null)))))`,
      );
      const image = await contents.capturePage();
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, `${name}.png`), image.toPNG());
    },
  };
}

/** The middle of the key with that name; scrolled into view where a list hides it. */
function findKey(name: string): string {
  return `(() => {
    const wanted = ${JSON.stringify(name)};
    const nameOf = (key) => (key.getAttribute('aria-label') ?? key.innerText).trim();
    const keys = [...document.querySelectorAll('button')].filter((key) => key.checkVisibility());
    const key = keys.find((one) => nameOf(one) === wanted)
      ?? keys.find((one) => nameOf(one).startsWith(wanted));
    if (key === undefined || key.getAttribute('aria-disabled') === 'true') return null;
    key.scrollIntoView({ block: 'nearest' });
    const box = key.getBoundingClientRect();
    return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  })()`;
}

function isPoint(value: unknown): value is { x: number; y: number } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'x' in value &&
    'y' in value &&
    typeof value.x === 'number' &&
    typeof value.y === 'number'
  );
}
