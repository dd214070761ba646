import type { FastifyInstance } from 'fastify';

import { ServiceError } from '../../service-error.ts';

const calls: readonly { readonly name: string; readonly path: string }[] = [
  { name: 'QuerySuggestedImages', path: '/images/suggested' },
  { name: 'QuerySuggestedImageCount', path: '/images/suggested/count' },
  { name: 'SuggestTagsAndRegions', path: '/tagsandregions/suggestions' },
];

/** What the service has and the engine does not is refused by its name, never answered wrongly. */
export function addNotOfferedRoutes(server: FastifyInstance): void {
  for (const { name, path } of calls) {
    server.post(`/projects/:projectId${path}`, async () => {
      throw new ServiceError(
        501,
        'BadRequestNotSupported',
        `The engine does not offer ${name}: it suggests no tags.`,
      );
    });
  }
}
