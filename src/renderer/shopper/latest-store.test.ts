import { expect, it } from 'vitest';
import type { Reply } from '../../shared/contracts/refusal.ts';
import { createLatestStore, follow } from './latest-store.ts';

function stage() {
  const answers: ((reply: Reply<string | null>) => void)[] = [];
  const later: (() => void)[] = [];
  let push: (value: string) => void = () => undefined;
  const store = createLatestStore<string>(
    {
      listen: (listener) => {
        push = listener;
      },
      fetch: () => new Promise((resolve) => answers.push(resolve)),
    },
    (again) => later.push(again),
  );
  const seen: string[] = [];
  const end = follow(store, (value) => seen.push(value));
  return {
    store,
    later,
    seen,
    end,
    push: (value: string) => push(value),
    async answer(value: string | null) {
      answers.shift()?.({ ok: true, value });
      await new Promise<void>((resolve) => setImmediate(resolve));
    },
  };
}

it('has what was fetched, and then what comes', async () => {
  const { seen, answer, push, end } = stage();
  await answer('first');
  push('second');
  end();
  push('third');
  expect(seen).toEqual(['first', 'second']);
});

it('drops what was fetched where something came meanwhile', async () => {
  const { store, push, answer } = stage();
  push('new');
  await answer('old');
  expect(store.current()).toBe('new');
});

it('waits where there is nothing yet', async () => {
  const { store, answer, later, push } = stage();
  await answer(null);
  expect([store.current(), later]).toEqual([null, []]);
  push('first');
  expect(store.current()).toBe('first');
});

it('tells whoever comes late what there is, at once', () => {
  const { store, push } = stage();
  push('latest');
  const seen: string[] = [];
  follow(store, (value) => seen.push(value));
  expect(seen).toEqual(['latest']);
});
