import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../checkout/clock.ts';
import { demo } from './demo-driver.ts';

let dataFolder: string;
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'freshlane-terminal-'));
});
afterEach(() => rm(dataFolder, { recursive: true }));

const open = () =>
  demo.open({ behaviour: 'approves', answerMs: 1 }, { dataFolder, clock: systemClock });

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
