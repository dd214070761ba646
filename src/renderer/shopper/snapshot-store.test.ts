import { describe, expect, it } from 'vitest';
import type { Reply } from '../../shared/contracts/refusal.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import { createSnapshotStore } from './snapshot-store.ts';

function snapshot(revision: number): Snapshot {
  return {
    revision,
    store: {
      name: 'Corner',
      currency: 'EUR',
      region: 'IE',
      languages: ['en'],
      demo: false,
      keepsPictures: false,
    },
    language: 'en',
    display: { largerText: false, highContrast: false, lowered: false },
    screen: { kind: 'welcome' },
    cart: { lines: [], itemCount: 0, totalMinor: 0, taxes: [], canUndo: false },
    notices: [],
    helpCalled: false,
    suspendsAtMs: null,
  };
}

const refused: Reply<Snapshot> = { ok: false, code: 'failed', message: 'starting' };

function stage() {
  const order: string[] = [];
  const answers: ((reply: Reply<Snapshot>) => void)[] = [];
  const later: (() => void)[] = [];
  let push: (next: Snapshot) => void = () => {};
  const store = createSnapshotStore(
    {
      request: {
        'kiosk:snapshot': () => {
          order.push('fetch');
          return new Promise((resolve) => answers.push(resolve));
        },
      },
      on: {
        'kiosk:changed': (listener) => {
          order.push('subscribe');
          push = listener;
          return () => {};
        },
      },
    },
    (again) => later.push(again),
  );
  const shown: (number | undefined)[] = [];
  store.subscribe(() => shown.push(store.current()?.revision));
  return {
    store,
    order,
    later,
    shown,
    push: (revision: number) => push(snapshot(revision)),
    async answer(reply: Reply<Snapshot>) {
      answers.shift()?.(reply);
      await new Promise<void>((resolve) => setImmediate(resolve));
    },
  };
}

describe('the snapshot store', () => {
  it('subscribes before it fetches', () => {
    expect(stage().order).toEqual(['subscribe', 'fetch']);
  });

  it('shows what was fetched', async () => {
    const { store, answer } = stage();
    expect(store.current()).toBeNull();
    await answer({ ok: true, value: snapshot(4) });
    expect(store.current()?.revision).toBe(4);
  });

  it('drops a fetched snapshot that a pushed one has overtaken', async () => {
    const { push, answer, shown } = stage();
    push(5);
    await answer({ ok: true, value: snapshot(4) });
    expect(shown).toEqual([5]);
  });

  it('drops pushed snapshots that are older or the same', () => {
    const { push, shown } = stage();
    push(5);
    push(3);
    push(5);
    push(6);
    expect(shown).toEqual([5, 6]);
  });

  it('keeps what stayed the same, so that it is not drawn again', () => {
    const { push, store } = stage();
    push(1);
    const before = store.current();
    push(2);
    expect(store.current()?.cart).toBe(before?.cart);
    expect(store.current()).not.toBe(before);
  });

  it('asks again when it was refused and has nothing to show', async () => {
    const { answer, later, order, store } = stage();
    await answer(refused);
    expect(later).toHaveLength(1);
    later[0]?.();
    await answer({ ok: true, value: snapshot(1) });
    expect(order).toEqual(['subscribe', 'fetch', 'fetch']);
    expect(store.current()?.revision).toBe(1);
  });

  it('does not ask again once a snapshot was pushed', async () => {
    const { answer, later, push } = stage();
    push(2);
    await answer(refused);
    expect(later).toEqual([]);
  });
});
