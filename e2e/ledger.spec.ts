import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import { Kiosk, appCommand, cleanEnvironment } from './kiosk.ts';

let data: string;
test.beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'freshlane-ledger-'));
});
test.afterEach(() => rmSync(data, { recursive: true }));

/** Without a display: what needs one ends at once. */
async function ask(...args: readonly string[]) {
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = cleanEnvironment();
  const command = appCommand([...args, `--data=${data}`]);
  const app = spawn(command.program, command.args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [[code], out, err] = await Promise.all([
    once(app, 'close') as Promise<[number | null]>,
    text(app.stdout),
    text(app.stderr),
  ]);
  return { code, out, err };
}

test('the program itself verifies and exports the ledger of a running kiosk, without a display', async () => {
  const kiosk = await Kiosk.start({ data, args: ['--demo'], ready: false });
  try {
    await kiosk.startByHand('Banana');
    const verified = await ask('--ledger', 'verify');
    expect(verified, verified.err).toMatchObject({ code: 0 });
    expect(verified.out).toContain('is whole');
    const exported = await ask('--ledger=export');
    expect(exported, exported.err).toMatchObject({ code: 0 });
    expect(exported.out).toContain('"kind":"ledger-begun"');
  } finally {
    await kiosk.close();
  }
});

test('without a ledger it says so, and makes nothing', async () => {
  const { code, err } = await ask('--ledger', 'verify');
  expect(code).toBe(1);
  expect(err).toContain('There is no ledger at');
  expect(readdirSync(data)).toEqual([]);
});

test('a word that it does not know ends it with status 2', async () => {
  const { code, err } = await ask('--ledger', 'mend');
  expect(code).toBe(2);
  expect(err).toContain('--ledger=mend is not one of verify, export.');
});
