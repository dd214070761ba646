import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../checkout/clock.ts';
import { terminalDrivers } from './terminal-drivers.ts';

let dataFolder: string;
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'freshlane-terminal-'));
});
afterEach(() => rm(dataFolder, { recursive: true }));

const open = () =>
  terminalDrivers.demo.open(
    { kind: 'demo' },
    { dataFolder, clock: systemClock, behaviour: () => 'approve', answerMs: 1 },
  );

test('a test of the terminal is a real exchange that charges nobody', async () => {
  const terminal = await open();
  expect(await terminal.test()).toMatchObject({ kind: 'passed', detail: 'It answers: declined.' });
  await terminal.stop();
});

test('what the terminal knows outlives its driver', async () => {
  const intent = { intentId: 'intent-1', amountMinor: 55, currency: 'EUR' };
  const first = await open();
  expect(await first.terminal.pay(intent)).toMatchObject({ kind: 'approved' });
  await first.stop();
  const second = await open();
  expect(await second.terminal.outcomeOf('intent-1')).toMatchObject({ kind: 'approved' });
  await second.stop();
});
