import type { Channel, EventName, Events, KioskApi, Touchable } from '../../src/shared/ipc.ts';
import type { Display, Snapshot } from '../../src/shared/snapshot.ts';
import type { Language } from '../../src/shared/language.ts';
import { worldTouchables } from './pictures.ts';
import { products, snapshotOf } from './snapshots.ts';

export interface Call {
  readonly channel: Channel;
  readonly argument: unknown;
}

/** Main's side of the window, worked by hand. */
export interface FakeKiosk {
  readonly api: KioskApi;
  readonly calls: readonly Call[];
  readonly touchables: readonly Touchable[];
  show(scene: string, wish?: { language?: Language; display?: Display }): void;
  push(change: (now: Snapshot) => Partial<Snapshot>): void;
  frame(frame: Events['preview:frame']): void;
  touch(touchables: readonly Touchable[]): void;
}

export function createFakeKiosk(firstScene: string): FakeKiosk {
  const calls: Call[] = [];
  const listeners: { [E in EventName]: Set<(payload: Events[E]) => void> } = {
    'kiosk:changed': new Set(),
    'preview:frame': new Set(),
    'demo:touchables': new Set(),
  };
  let lastFrame: Events['preview:frame'] | null = null;
  let lastTouchables = worldTouchables;
  let now = snapshotOf(firstScene, {
    language: 'en',
    display: { largerText: false, highContrast: false, lowered: false },
    revision: 1,
  });

  function take(next: Snapshot): void {
    now = { ...next, revision: now.revision + 1 };
    for (const listener of listeners['kiosk:changed']) listener(now);
  }

  function subscribe<E extends EventName>(event: E, latest: () => Events[E] | null) {
    return (listener: (payload: Events[E]) => void) => {
      listeners[event].add(listener);
      const known = latest();
      if (known !== null) queueMicrotask(() => listener(known));
      return () => {
        listeners[event].delete(listener);
      };
    };
  }

  const done = { ok: true, value: null } as const;
  function note(channel: Channel) {
    return (argument: unknown = null) => {
      calls.push({ channel, argument });
      return Promise.resolve(done);
    };
  }

  const api: KioskApi = {
    request: {
      'kiosk:snapshot': () => Promise.resolve({ ok: true, value: now }),
      'catalogue:list': () => Promise.resolve({ ok: true, value: products }),
      'language:choose': (argument) => {
        take({ ...now, language: argument.language });
        return note('language:choose')(argument);
      },
      'display:choose': (argument) => {
        take({ ...now, display: argument });
        return note('display:choose')(argument);
      },
      'help:call': () => {
        take({ ...now, helpCalled: true });
        return note('help:call')();
      },
      'help:dismiss': () => {
        take({ ...now, helpCalled: false });
        return note('help:dismiss')();
      },
      'sale:start': note('sale:start'),
      'sale:undo': note('sale:undo'),
      'sale:cancel': note('sale:cancel'),
      'sale:pay': note('sale:pay'),
      'payment:cancel': note('payment:cancel'),
      'payment:back': note('payment:back'),
      'receipt:done': note('receipt:done'),
      'shopper:present': note('shopper:present'),
      'line:set-quantity': note('line:set-quantity'),
      'line:remove': note('line:remove'),
      'line:correct': note('line:correct'),
      'product:choose': note('product:choose'),
      'ask:none': note('ask:none'),
      'item:leave-out': note('item:leave-out'),
      'lookup:open': note('lookup:open'),
      'lookup:close': note('lookup:close'),
      'demo:lay': note('demo:lay'),
      'demo:take': note('demo:take'),
    },
    on: {
      'kiosk:changed': subscribe('kiosk:changed', () => null),
      'preview:frame': subscribe('preview:frame', () => lastFrame),
      'demo:touchables': subscribe('demo:touchables', () => lastTouchables),
    },
  };

  return {
    api,
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
    push: (change) => take({ ...now, ...change(now) }),
    frame(frame) {
      lastFrame = frame;
      for (const listener of listeners['preview:frame']) listener(frame);
    },
    touch(touchables) {
      lastTouchables = touchables;
      for (const listener of listeners['demo:touchables']) listener(touchables);
    },
  };
}
