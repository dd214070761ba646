import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { runCommand, serveEngine, writeConfig } from './engine.ts';
import type { Engine } from './engine.ts';
import { Kiosk, projectFolder } from './kiosk.ts';
import { onOneTable } from './table.ts';

const fruitLab = resolve(projectFolder, '../shared/data/fruit-lab');
test.skip(!existsSync(fruitLab), 'the photos of ../shared/data/fruit-lab are not here');

let folder: string;
let engine: Engine;
let config: string;
/** Photos that training has not seen, each with the fruit on it. */
let photos: readonly { readonly file: string; readonly fruit: string }[];

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'freshlane-fruit-'));
  photos = readdirSync(join(fruitLab, 'more')).flatMap((fruit) =>
    readdirSync(join(fruitLab, 'more', fruit)).map((name) => ({
      file: join(fruitLab, 'more', fruit, name),
      fruit,
    })),
  );
  const data = join(folder, 'engine');
  const trained = await runCommand('engine', [
    ...['train', '--data', data, '--project', 'Fruit', '--publish', 'fruit-classifier'],
    ...['--from', join(fruitLab, 'train')],
  ]);
  expect(trained, trained.err).toMatchObject({ code: 0 });
  engine = await serveEngine(data);
  config = writeConfig(join(folder, 'lab.env'), engine.ready);
});
test.afterAll(async () => {
  await engine?.kill();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

test('classify gets every unseen photo of the lab right, each over 50 %', async () => {
  const files = photos.map(({ file }) => file);
  const { code, out, err } = await runCommand('classify', [
    '--json',
    `--config=${config}`,
    ...files,
  ]);
  expect(code, err).toBe(0);
  const answers = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { predictions: { tagName: string; probability: number }[] });
  expect(answers).toHaveLength(photos.length);
  for (const [index, { fruit }] of photos.entries()) {
    const [first] = answers[index]?.predictions ?? [];
    expect(first?.tagName).toBe(fruit);
    expect(first?.probability).toBeGreaterThan(0.5);
  }
});

test('a wrong endpoint, key, project and model name are told apart, with status 2', async () => {
  const wrong = {
    PredictionEndpoint: `${engine.ready.endpoint}/elsewhere`,
    PredictionKey: 'f'.repeat(32),
    ProjectID: '00000000-1111-2222-3333-444444444444',
    ModelName: 'no-such-model',
  };
  const told: string[] = [];
  for (const [setting, value] of Object.entries(wrong)) {
    const file = writeConfig(join(folder, 'wrong.env'), engine.ready, { [setting]: value });
    const { code, out, err } = await runCommand('classify', [
      `--config=${file}`,
      photos[0]?.file ?? '',
    ]);
    expect(code, `${setting}: ${err}`).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(setting);
    expect(err).not.toContain(engine.ready.predictionKey);
    told.push(err);
  }
  expect(new Set(told).size).toBe(told.length);
});

test.describe('a till with the lab’s photos as its camera', () => {
  test.skip(spawnSync('fswebcam', ['--version']).error !== undefined, 'fswebcam is missing');

  let kiosk: Kiosk;
  let device: string;
  let empty: Buffer;
  let withFruit: readonly Buffer[];

  test.beforeAll(async () => {
    ({ empty, withFruit } = await onOneTable(photos.map(({ file }) => file)));
    device = join(folder, 'camera.jpg');
    show(empty);
    const catalogue = join(folder, 'fruit.csv');
    writeFileSync(
      catalogue,
      [
        'id,tag,name_en,group,sold_by,price,tax_percent',
        'apple,apple,Apple,fruit,piece,0.55,7',
        'banana,banana,Banana,fruit,piece,0.29,7',
        'orange,orange,Orange,fruit,piece,0.65,7',
      ].join('\n'),
    );
    kiosk = await Kiosk.start({
      args: [
        ...['--camera=webcam', `--device=FILE:${device}`],
        ...[`--config=${config}`, `--catalogue=${catalogue}`],
      ],
    });
  });
  test.afterAll(() => kiosk?.close());
  test.afterEach(() => kiosk?.attachWhenFailed());

  /** What the camera sees from now on; renamed over, so that it is never seen half-written. */
  function show(picture: Buffer): void {
    writeFileSync(`${device}.new`, picture);
    renameSync(`${device}.new`, device);
  }

  test('every fruit laid down is in the cart as what it is', async () => {
    for (const [index, { file, fruit }] of photos.entries()) {
      await test.step(basename(file), async () => {
        show(withFruit[index] ?? empty);
        await kiosk.event('item-added', { product: fruit });
        const left = kiosk.log().filter((line) => line['event'] === 'item-left').length;
        show(empty);
        await expect
          .poll(() => kiosk.log().filter((line) => line['event'] === 'item-left').length)
          .toBe(left + 1);
      });
    }
    const { cart } = await kiosk.snapshot();
    expect(cart.lines.map(({ productId, quantity }) => [productId, quantity]).sort()).toEqual([
      ['apple', 2],
      ['banana', 2],
      ['orange', 2],
    ]);
    expect(kiosk.events('asked')).toEqual([]);
    expect(kiosk.events('unknown')).toEqual([]);
  });

  test('a camera lost in mid-sale is told of, selling goes on, and it comes back by itself', async () => {
    await kiosk.startOver();
    await kiosk.key('Start').click();
    rmSync(device);
    const notice = kiosk.page.locator('.notice');
    await expect(notice).toContainText('The camera is away just now.');
    await kiosk.logged('device-lost', { device: 'camera' });
    await kiosk.key('Find item').click();
    await kiosk.key(/^Orange/).click();
    await kiosk.event('item-added', { product: 'orange', probability: null });
    show(empty);
    // That so few pictures a second are too few may still be said.
    await expect(notice.filter({ hasText: 'The camera is away' })).toHaveCount(0);
    show(withFruit[0] ?? empty);
    await kiosk.event('item-added', { product: photos[0]?.fruit ?? '' });
    expect((await kiosk.snapshot()).cart.itemCount).toBe(2);
  });
});
