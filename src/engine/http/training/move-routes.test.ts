import { afterAll, beforeAll, expect, test } from 'vitest';

import { refusal, runEngine } from '../../testing/running-engine.ts';
import type { RunningEngine } from '../../testing/running-engine.ts';

let shop: RunningEngine;
let project: string;

beforeAll(async () => {
  shop = await runEngine();
  project = (await shop.training.createProject('Shop')).id!;
  for (const name of ['apple', 'bread']) await shop.training.createTag(project, name);
});
afterAll(() => shop.stop());

async function imported(id: string) {
  for (;;) {
    const found = await shop.training.getProject(id);
    if (found.status !== 'Importing') return found;
  }
}

test('a project is copied by its token', async () => {
  const { training } = shop;
  const { _response, ...exported } = await training.exportProject(project);
  expect(exported).toEqual({
    iterationCount: 0,
    imageCount: 0,
    tagCount: 2,
    regionCount: 0,
    estimatedImportTimeInMS: 0,
    token: expect.stringMatching(/^[\w-]{60,}$/),
  });
  const named = await training.importProject(exported.token!, { name: 'Branch' });
  expect(named).toMatchObject({ name: 'Branch', status: 'Importing' });
  expect(await imported(named.id!)).toMatchObject({ name: 'Branch', status: 'Succeeded' });
  const tags = await training.getTags(named.id!);
  expect(tags.map(({ name }) => name)).toEqual(['apple', 'bread']);

  const unnamed = await training.importProject(exported.token!);
  expect(unnamed.name).toBe('Shop (2)');
  expect(await imported(unnamed.id!)).toMatchObject({ status: 'Succeeded' });
});

test('a token that is not ours, and a name that is taken, are refused', async () => {
  const { training } = shop;
  const token = (await training.exportProject(project)).token!;
  const forged = Buffer.from(`/projects/${project}?until=9999999999999&mark=AAAA`);
  for (const [call, code] of [
    [training.importProject('nonsense'), 'BadRequestInvalidImportToken'],
    [training.importProject(forged.toString('base64url')), 'BadRequestInvalidImportToken'],
    [training.importProject(token, { name: 'Shop' }), 'BadRequestProjectNameNotUnique'],
    [training.importProject(token, { name: 'x'.repeat(300) }), 'BadRequestProjectName'],
    [training.importProject(token, { name: '  ' }), 'BadRequestProjectName'],
  ] as const) {
    expect(await refusal(call)).toMatchObject({ statusCode: 400, body: { code } });
  }
  const gone = (await training.createProject('Gone')).id!;
  const old = (await training.exportProject(gone)).token!;
  await training.deleteProject(gone);
  expect((await refusal(training.importProject(old))).body.code).toBe(
    'BadRequestInvalidImportToken',
  );
});
