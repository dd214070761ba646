import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { provideDemoProject } from './demo-project.ts';

let folder: string;
let source: string;
let target: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'freshlane-demo-project-'));
  source = join(folder, 'trained');
  target = join(folder, 'data', 'engine');
  await train('first');
});
afterEach(() => rm(folder, { recursive: true }));

async function train(stamp: string): Promise<void> {
  await mkdir(join(source, 'photos'), { recursive: true });
  await writeFile(join(source, 'engine.db'), `taught ${stamp}`);
  await writeFile(join(source, 'photos', `${stamp}.jpg`), stamp);
  await writeFile(join(source, '.freshlane-demo'), stamp);
}
const database = () => readFile(join(target, 'engine.db'), 'utf8');

test('it is laid down once, and anew when set-up trained another', async () => {
  await provideDemoProject(source, target);
  await writeFile(join(target, 'engine.db'), 'taught first, and used');
  await provideDemoProject(source, target);
  expect(await database()).toBe('taught first, and used');
  await rm(source, { recursive: true });
  await train('second');
  await provideDemoProject(source, target);
  expect(await database()).toBe('taught second');
  expect(await readdir(join(target, 'photos'))).toEqual(['second.jpg']);
});

test('a copy that was cut short is made anew', async () => {
  await mkdir(`${target}.new`, { recursive: true });
  await writeFile(join(`${target}.new`, 'half'), '');
  await provideDemoProject(source, target);
  expect(await database()).toBe('taught first');
  expect(await readdir(target)).not.toContain('half');
  expect(await readdir(join(target, '..'))).toEqual(['engine']);
});

test("an engine that is not the demo shop's is left alone", async () => {
  await mkdir(target, { recursive: true });
  await writeFile(join(target, 'engine.db'), 'of the shop');
  await expect(provideDemoProject(source, target)).rejects.toThrow('move it away');
  expect(await database()).toBe('of the shop');
});

test('without a trained project it says what to do', async () => {
  await rm(source, { recursive: true });
  await expect(provideDemoProject(source, target)).rejects.toThrow('run the set-up again');
});
