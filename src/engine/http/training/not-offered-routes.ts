import type { FastifyInstance } from 'fastify';

import { ServiceError } from '../../domain/service-error.ts';

const calls: readonly { readonly name: string; readonly path: string }[] = [
  { name: 'QuerySuggestedImages', path: '/images/suggested' },
  { name: 'QuerySuggestedImageCount', path: '/images/suggested/count' },
];

/** What the service has and the engine does not is refused by its name, never answered wrongly. */
export function addNotOfferedRoutes(server: FastifyInstance): void {
  for (const { name, path } of calls) {
    server.post(`/projects/:projectId${path}`, async () => {
      throw new ServiceError(
        501,
        'BadRequestNotSupported',
        `The engine does not offer ${name}: it keeps no suggestions. Ask for them by ` +
          'SuggestTagsAndRegions, of images that GetUntaggedImages lists.',
      );
    });
  }
}
