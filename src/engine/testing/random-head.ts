import type { Store } from '../store/store.ts';
import { fitHead } from '../training/fit-head.ts';
import { writeHead } from '../training/head-file.ts';
import { seededRandom } from '../../shared/seeded-random.ts';
import { shippedBackbone } from './shipped-backbone.ts';

/** A trained iteration with a head of no sense, in no time: for tests of what becomes of heads. */
export function addRandomIteration(
  store: Store,
  projectId: string,
  { backboneId, publishName }: { readonly backboneId: string; readonly publishName?: string },
): string {
  const random = seededRandom(7);
  const { featureCount } = shippedBackbone;
  const tags = store.tags.list(projectId).map(({ id, name, type }) => ({ id, name, type }));
  const { head, report } = fitHead({
    backboneId,
    featureCount,
    tags,
    photos: tags.flatMap((_, label) =>
      Array.from({ length: 5 }, () => ({
        label,
        views: [Float32Array.from({ length: featureCount }, () => random())],
      })),
    ),
  });
  const iteration = store.trainings.add(projectId, {
    backboneId,
    fingerprint: 'random',
    head: writeHead(head),
    report,
    validationOf: () => undefined,
    ...(publishName !== undefined && { publishedName: publishName }),
  });
  return iteration.id;
}
