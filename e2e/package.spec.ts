import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { appCommand } from './kiosk.ts';

/** Beside the packed program; in a checkout there is nothing to look at. */
const resources = join(dirname(appCommand([]).program), 'resources');
const archive = join(resources, 'app.asar');

test.skip(process.env['FRESHLANE_EXECUTABLE'] === undefined, 'looks at a package');

interface Entry {
  readonly files?: Readonly<Record<string, Entry>>;
}

/** Every file of the archive: its header is JSON behind four numbers, the last of them its length. */
function filesOf(file: string): readonly string[] {
  const bytes = readFileSync(file);
  const header = JSON.parse(bytes.toString('utf8', 16, 16 + bytes.readUInt32LE(12))) as Entry;
  const under = ({ files }: Entry, path: string): readonly string[] =>
    files === undefined
      ? [path]
      : Object.entries(files).flatMap(([name, entry]) => under(entry, `${path}/${name}`));
  return under(header, '');
}

test('the package has the app and nothing that only set-up, benches and tests need', () => {
  const files = filesOf(archive);
  const own = files.filter((path) => !path.startsWith('/node_modules/'));
  expect(own).toEqual(expect.arrayContaining(['/package.json', '/out/main/index.js']));
  expect([...new Set(own.map((path) => path.split('/')[1]))].sort()).toEqual([
    'assets',
    'out',
    'package.json',
  ]);
  expect(own.filter((path) => /batch-render|test|simulator|fixture|\.map$/.test(path))).toEqual([]);
  const packages = files.filter((path) => path.startsWith('/node_modules/'));
  expect(
    packages.filter((path) => /\/(tests?|__tests__|spec|fixtures)\/|\.d\.ts$/.test(path)),
  ).toEqual([]);
});

test('the package has the demo shop, as set-up trained it', () => {
  const demo = join(resources, 'demo-project');
  expect(readdirSync(demo).sort()).toEqual(['.freshlane-demo', 'engine.db', 'photos']);
  expect(existsSync(join(resources, 'models', 'detector.onnx'))).toBe(true);
  const files = filesOf(archive);
  expect(files).toContain('/assets/catalogue/demo.csv');
  expect(files.some((path) => path.startsWith('/assets/products/'))).toBe(true);
});
