import { expect, it } from 'vitest';
import type { Reply } from '../../shared/contracts/refusal.ts';
import { createRefusals, noting } from './refusals.ts';

function stage() {
  const timers = new Set<() => void>();
  const refusals = createRefusals((_ms, run) => {
    timers.add(run);
    return () => timers.delete(run);
  });
  const shown: unknown[] = [];
  refusals.subscribe(() => shown.push(refusals.current()));
  let reply: Reply<number> = { ok: true, value: 7 };
  const requests = noting({ 'sale:start': async (_argument?: unknown) => reply }, refusals);
  return {
    refusals,
    shown,
    requests,
    answerWith: (next: Reply<number>) => {
      reply = next;
    },
    pass: () => {
      for (const run of timers) run();
    },
  };
}

const refused: Reply<number> = { ok: false, code: 'still-looking', message: '' };

it('is shown for a while', async () => {
  const { requests, answerWith, shown, pass } = stage();
  answerWith(refused);
  expect(await requests['sale:start']()).toEqual(refused);
  expect(shown).toEqual(['still-looking']);
  pass();
  expect(shown).toEqual(['still-looking', null]);
});

it('goes when something else is done', async () => {
  const { requests, answerWith, shown, pass } = stage();
  answerWith(refused);
  await requests['sale:start']();
  answerWith({ ok: true, value: 7 });
  expect(await requests['sale:start']()).toEqual({ ok: true, value: 7 });
  expect(shown).toEqual(['still-looking', null]);
  pass();
  expect(shown).toHaveLength(2);
});

it('stays its full time when it comes again', async () => {
  const { requests, answerWith, refusals } = stage();
  answerWith(refused);
  await requests['sale:start']();
  await requests['sale:start']();
  expect(refusals.current()).toBe('still-looking');
});

it('is said too where main could not be asked', async () => {
  const { refusals } = stage();
  const requests = noting(
    { 'sale:start': () => Promise.reject(new Error('no handler')) },
    refusals,
  );
  await expect(requests['sale:start']()).rejects.toThrow('no handler');
  expect(refusals.current()).toBe('failed');
});
