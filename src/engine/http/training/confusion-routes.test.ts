import { afterAll, beforeAll, expect, test } from 'vitest';

import { findDomain } from '../../domain/domains.ts';
import { runEngine } from '../../testing/running-engine.ts';
import type { RunningEngine } from '../../testing/running-engine.ts';
import { encodeHeldOut } from '../../training/validation.ts';

let shop: RunningEngine;

beforeAll(async () => {
  shop = await runEngine();
});
afterAll(() => shop.stop());

/** A project with one photo of each tag, and an iteration that was validated on them. */
function trained(domain: string) {
  return shop.withStore((store) => {
    const { id: project } = store.projects.create({
      name: domain,
      domainId: findDomain(domain)!.id,
      classificationType: 'Multiclass',
    });
    const tags = ['apple', 'bread'].map((name) => store.tags.create(project, { name }).id);
    const images = store.images.add(
      project,
      tags.map((tagId) => ({
        photo: `${domain} ${tagId}`,
        width: 4,
        height: 3,
        tagIds: [tagId],
      })),
    );
    const { id } = store.iterations.begin(project, { trainingType: 'Regular', reservedHours: 0 });
    store.trainings.takeContents(id);
    store.iterationImages.validate(
      id,
      images.map((image, place) => ({
        imageId: image.id,
        bytes: encodeHeldOut({ fold: 0, probabilities: [0.9 - place * 0.3, 0.1 + place * 0.3] }),
      })),
    );
    return `projects/${project}/iterations/${id}/confusion`;
  });
}

test('what was taken for what is counted at the threshold asked for', async () => {
  const path = trained('food');
  const half = await shop.call(path);
  expect(half.status).toBe(200);
  expect(await half.json()).toEqual({
    tags: [
      { id: expect.any(String), name: 'apple' },
      { id: expect.any(String), name: 'bread' },
    ],
    rows: [
      [1, 0, 0],
      [1, 0, 0],
    ],
  });
  const strict = await shop.call(`${path}?threshold=0.8`);
  expect(await strict.json()).toMatchObject({
    rows: [
      [1, 0, 0],
      [0, 0, 1],
    ],
  });
});

test('a threshold that is none is refused by its name', async () => {
  const path = trained('retail');
  for (const threshold of ['-0.1', '1.1', 'half']) {
    const refused = await shop.call(`${path}?threshold=${threshold}`);
    expect(refused.status, threshold).toBe(400);
    expect(await refused.json()).toMatchObject({ message: expect.stringContaining('threshold') });
  }
});

test('a detection project has none', async () => {
  const refused = await shop.call(trained('detection'));
  expect(refused.status).toBe(400);
});
