import { demo } from '../../src/shared/contracts/demo.ts';
import type { Demo, Touchable } from '../../src/shared/contracts/demo.ts';
import type { PageApi } from '../../src/shared/contracts/contract.ts';
import type { RefusalCode } from '../../src/shared/contracts/refusal.ts';
import { shopper } from '../../src/shared/contracts/shopper.ts';
import type { PreviewPicture, Shopper } from '../../src/shared/contracts/shopper.ts';
import { fakeMain } from '../../src/shared/contracts/testing/fake-main.ts';
import type { Call } from '../../src/shared/contracts/testing/fake-main.ts';
import type { Display, Snapshot } from '../../src/shared/snapshot.ts';
import type { Language } from '../../src/shared/language.ts';
import { worldTouchables } from './pictures.ts';
import { products, snapshotOf } from './snapshots.ts';

/** Main's side of the window, worked by hand. */
export interface FakeKiosk {
  readonly shopper: PageApi<Shopper>;
  readonly demo: PageApi<Demo>;
  /** What the shopper and the demo's customer have asked, without what the window fetches itself. */
  readonly calls: readonly Call[];
  readonly touchables: readonly Touchable[];
  show(scene: string, wish?: { language?: Language; display?: Display }): void;
  push(change: (now: Snapshot) => Partial<Snapshot>): void;
  frame(frame: PreviewPicture): void;
  touch(touchables: readonly Touchable[]): void;
  refuse(channel: keyof Shopper['requests'], code: RefusalCode | null): void;
}

const fetched: ReadonlySet<string> = new Set([
  'kiosk:snapshot',
  'preview:latest',
  'catalogue:list',
  'demo:touchables',
]);

export function createFakeKiosk(firstScene: string): FakeKiosk {
  const calls: Call[] = [];
  let lastFrame: PreviewPicture | null = null;
  let lastTouchables = worldTouchables;
  let now = snapshotOf(firstScene, {
    language: 'en',
    display: { largerText: false, highContrast: false, lowered: false },
    revision: 1,
  });

  function take(change: Partial<Snapshot>): null {
    now = { ...now, ...change, revision: now.revision + 1 };
    toShopper.send('kiosk:changed', now);
    return null;
  }

  const called = (call: Call): void => {
    if (!fetched.has(call.channel)) calls.push(call);
  };
  const toShopper = fakeMain(
    shopper,
    {
      'kiosk:snapshot': () => now,
      'preview:latest': () => lastFrame,
      'catalogue:list': () => products,
      'language:choose': ({ language }) => take({ language }),
      'display:choose': (display) => take({ display }),
      'help:call': () => take({ helpCalled: true }),
      'help:dismiss': () => take({ helpCalled: false }),
    },
    called,
  );
  const toDemo = fakeMain(demo, { 'demo:touchables': () => lastTouchables }, called);

  return {
    shopper: toShopper.api,
    demo: toDemo.api,
    calls,
    get touchables() {
      return lastTouchables;
    },
    show(scene, wish = {}) {
      take(
        snapshotOf(scene, {
          language: wish.language ?? now.language,
          display: wish.display ?? now.display,
          revision: now.revision,
        }),
      );
    },
    push: (change) => void take(change(now)),
    frame(frame) {
      lastFrame = frame;
      toShopper.send('preview:changed', frame);
    },
    touch(touchables) {
      lastTouchables = touchables;
      toDemo.send('demo:touchables-changed', touchables);
    },
    refuse: toShopper.refuse,
  };
}
