import { describe, expect, test, vi } from 'vitest';
import { keptLog } from '../../shared/testing/kept-log.ts';
import { manualTimers } from '../../shared/testing/manual-timers.ts';
import { LedgerError } from '../ledger/ledger.ts';
import type { LedgerFinding, Verification } from '../ledger/ledger.ts';
import { refusedLedger, watchLedger } from './ledger-health.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const whole: Verification = { kind: 'whole', rowCount: 3, lastHash: 'h' };
const noHead: LedgerFinding = { kind: 'no-head', seq: null, message: 'No head.' };
const missing: LedgerFinding = { kind: 'head', seq: 8, message: 'Row 8 is missing.' };
const changed: LedgerFinding = { kind: 'row', seq: 7, message: 'Row 7 was changed.' };

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function watched(checked: Promise<void> = Promise.resolve()) {
  const timers = manualTimers();
  const { log, events } = keptLog();
  const onBroken = vi.fn();
  const verify = vi.fn<() => Promise<Verification>>(async () => whole);
  const ledger = { checked: () => checked, verify };
  const health = watchLedger({ ledger, log, onBroken, timers });
  const pass = async (ms: number): Promise<void> => {
    timers.pass(ms);
    await settle();
  };
  return { health, timers, events, onBroken, verify, pass };
}

test('it is verified a minute after the start and then each day', async () => {
  const { health, events, verify, pass } = watched();
  await pass(minuteMs - 1);
  expect(verify).not.toHaveBeenCalled();
  await pass(1);
  await pass(dayMs - 1);
  expect(verify).toHaveBeenCalledTimes(1);
  await pass(1);
  expect(verify).toHaveBeenCalledTimes(2);
  expect(events).toContainEqual({
    ...{ level: 'info', event: 'ledger-verified' },
    ...{ rowCount: 3, tookMs: 0 },
  });
  expect(health.status()).toMatchObject({ kind: 'ready' });
});

test('not before the search for damage has ended', async () => {
  let judge = (): void => undefined;
  const { verify, pass } = watched(new Promise((resolve) => (judge = resolve)));
  await pass(minuteMs);
  expect(verify).not.toHaveBeenCalled();
  judge();
  await settle();
  expect(verify).toHaveBeenCalledTimes(1);
});

test('a bad row closes the till once, and staff learn which it is', async () => {
  const { health, events, onBroken, timers, verify, pass } = watched();
  verify.mockResolvedValue({ kind: 'broken', findings: [noHead, missing, changed] });
  await pass(minuteMs);
  expect(onBroken).toHaveBeenCalledTimes(1);
  expect(health.status()).toMatchObject({ kind: 'lost', code: 'corrupt', advice: changed.message });
  expect(events).toEqual(
    [noHead, missing, changed].map((finding) => ({
      ...{ level: 'error', event: 'ledger-finding' },
      ...finding,
    })),
  );
  expect(timers.waiting()).toBe(0);
});

test('a file that is a ledger no more closes the till', async () => {
  const { health, onBroken, verify, pass } = watched();
  verify.mockRejectedValue(new LedgerError('corrupt', 'It is no ledger.'));
  await pass(minuteMs);
  expect(onBroken).toHaveBeenCalledTimes(1);
  expect(health.status()).toMatchObject({ kind: 'lost', advice: 'It is no ledger.' });
});

describe('the till goes on, and staff are told,', () => {
  test('where the head is gone', async () => {
    const { health, onBroken, verify, pass } = watched();
    verify.mockResolvedValueOnce({ kind: 'broken', findings: [noHead] });
    await pass(minuteMs);
    expect(health.status()).toMatchObject({ kind: 'degraded', code: 'no-head' });
    await pass(dayMs);
    expect(health.status()).toMatchObject({ kind: 'ready' });
    expect(onBroken).not.toHaveBeenCalled();
  });

  test('where it cannot be looked at', async () => {
    const { health, events, onBroken, verify, pass } = watched();
    verify.mockRejectedValueOnce(new LedgerError('unreachable', 'No disk.'));
    await pass(minuteMs);
    expect(health.status()).toMatchObject({ kind: 'degraded', advice: 'No disk.' });
    expect(events).toContainEqual({
      ...{ level: 'warn', event: 'ledger-not-verified' },
      error: 'No disk.',
    });
    await pass(dayMs);
    expect(health.status()).toMatchObject({ kind: 'ready' });
    expect(onBroken).not.toHaveBeenCalled();
  });
});

test('one that was lost otherwise is verified no more', async () => {
  const { health, timers } = watched();
  health.lost(new LedgerError('full', 'No room.'));
  expect(health.status()).toMatchObject({ kind: 'lost', code: 'full', advice: 'No room.' });
  expect(timers.waiting()).toBe(0);
});

test('damage that the search finds is told elsewhere', async () => {
  const { onBroken, timers, verify, pass } = watched(
    Promise.reject(new LedgerError('corrupt', 'Damaged.')),
  );
  await pass(minuteMs);
  expect([verify.mock.calls, onBroken.mock.calls, timers.waiting()]).toEqual([[], [], 0]);
});

test('stopped meanwhile, what comes of it is no news', async () => {
  const { health, events, onBroken, timers, verify, pass } = watched();
  let answer = (_found: Verification): void => undefined;
  verify.mockReturnValue(new Promise((resolve) => (answer = resolve)));
  await pass(minuteMs);
  await health.stop();
  answer({ kind: 'broken', findings: [changed] });
  await settle();
  expect([events, onBroken.mock.calls, timers.waiting()]).toEqual([[], [], 0]);
});

test('its test verifies all of it', async () => {
  const { health, verify } = watched();
  expect(await health.test()).toEqual({
    kind: 'passed',
    detail: 'It is whole: 3 rows.',
    tookMs: 0,
  });
  verify.mockResolvedValue({ kind: 'broken', findings: [changed] });
  expect(await health.test()).toEqual({ kind: 'failed', message: changed.message });
  expect(health.status()).toMatchObject({ kind: 'lost' });
});

test('one that could not be opened is lost', async () => {
  const health = refusedLedger(new LedgerError('read-only', 'May not be written.'));
  expect(health.status()).toMatchObject({ kind: 'lost', code: 'read-only' });
  expect(await health.test()).toEqual({ kind: 'failed', message: 'May not be written.' });
});
