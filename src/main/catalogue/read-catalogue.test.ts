import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoProducts } from '../../shared/demo-products.ts';
import { readCatalogue } from './read-catalogue.ts';

const demoFile = fileURLToPath(new URL('../../../assets/catalogue/demo.csv', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'freshlane-catalogue-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('the demo shop sells just what the virtual tray can show, sold as it weighs it', async () => {
  const { catalogue, problems } = await readCatalogue(demoFile, 'EUR');
  expect(problems).toEqual([]);
  const sold = catalogue.products.map(({ id, tag, picture, price }) => ({
    id,
    tag,
    picture,
    soldBy: price.kind,
  }));
  expect(sold).toEqual(
    demoProducts.map(({ id, soldBy }) => ({ id, tag: id, picture: `${id}.webp`, soldBy })),
  );
});

test('a file that is not there, a folder and another encoding are told apart', async () => {
  const reason = async (file: string): Promise<string | undefined> =>
    (await readCatalogue(file, 'EUR')).problems[0]?.reason;
  expect(await reason(join(folder, 'none.csv'))).toMatch(/is not there/);
  expect(await reason(folder)).toMatch(/is a folder/);
  const latin = join(folder, 'latin.csv');
  await writeFile(latin, Buffer.from('id,tag,Möhre', 'latin1'));
  expect(await reason(latin)).toMatch(/not in UTF-8/);
});
