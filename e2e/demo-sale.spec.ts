import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import { appCommand, cleanEnvironment, jsonLines, projectFolder } from './kiosk.ts';

let folder: string;

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'freshlane-demo-sale-'));
});
test.afterEach(() => rmSync(folder, { recursive: true }));

async function playDemoSale(data: string) {
  const { program, args } = appCommand([
    ...['--demo-sale', '--json', '--windowed', '--force-device-scale-factor=1'],
    ...[`--pictures=${join(folder, 'pictures')}`, `--data=${data}`],
  ]);
  const app = spawn(program, args, { env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const [[code], out, err] = await Promise.all([
    once(app, 'close') as Promise<[number | null]>,
    text(app.stdout),
    text(app.stderr),
  ]);
  return { code, out, err };
}

test('the demo sale plays itself: five things, one out, one put right, paid', async () => {
  const { code, out, err } = await playDemoSale(join(folder, 'data'));
  expect(code, `${out}\n${err}`).toBe(0);
  const lines = jsonLines(out);
  const named = (name: string) => lines.filter(({ event }) => event === name);
  const added = named('item-added');
  expect(added).toHaveLength(5);
  for (const { probability, msSinceStill } of added) {
    expect(probability).toBeGreaterThan(0.5);
    expect(msSinceStill).toBeGreaterThan(0);
  }
  expect(named('line-removed')).toHaveLength(1);
  expect(named('corrected')).toHaveLength(1);

  const prices = pricesMinor();
  const priceOf = (product: unknown) => prices.get(String(product)) ?? NaN;
  const [removed] = named('line-removed');
  const [corrected] = named('corrected');
  const [paid] = named('payment-started');
  const [completed] = named('sale-completed');
  const pieces = added
    .map(({ product }) => (product === corrected?.['from'] ? corrected?.['to'] : product))
    .filter((product) => product !== removed?.['product'] && product !== 'tomato');
  const weighed = Number(completed?.['totalMinor']) - sum(pieces.map(priceOf));
  // Tomatoes of the demo weigh 90 to 150 g, at 2.99 a kilogram.
  expect(weighed).toBeGreaterThanOrEqual(27);
  expect(weighed).toBeLessThanOrEqual(45);
  expect(paid?.['amountMinor']).toBe(completed?.['totalMinor']);
  expect(completed?.['currency']).toBe('EUR');

  const pictures = readdirSync(join(folder, 'pictures')).sort();
  expect(pictures).toHaveLength(6);
  for (const picture of pictures) {
    const png = readFileSync(join(folder, 'pictures', picture));
    expect(png.toString('latin1', 1, 4)).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1080, 1920]);
  }
});

test('the demo sale fails where recognition cannot work', async () => {
  const data = join(folder, 'data');
  const project = join(data, 'engine');
  mkdirSync(project, { recursive: true });
  cpSync(
    join(projectFolder, '.runtime/demo-project/.freshlane-demo'),
    join(project, '.freshlane-demo'),
  );
  writeFileSync(join(project, 'engine.db'), 'no database '.repeat(999));
  const { code, out, err } = await playDemoSale(data);
  expect(code).toBe(1);
  expect(out).not.toContain('sale-completed');
  expect(err).toContain('engine.db cannot be used; it may be damaged');
});

function pricesMinor(): ReadonlyMap<string, number> {
  const text = readFileSync(join(projectFolder, 'assets/catalogue/demo.csv'), 'utf8');
  return new Map(
    text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => {
        const cells = line.split(',');
        return [cells[0] ?? '', Math.round(Number(cells[6]) * 100)];
      }),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
