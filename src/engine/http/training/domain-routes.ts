import type { FastifyInstance } from 'fastify';

import { domains, findDomain } from '../../domain/domains.ts';
import { serviceErrors } from '../../domain/service-error.ts';
import { domainAnswer } from './answers.ts';

export function addDomainRoutes(server: FastifyInstance): void {
  server.get('/domains', async () => domains.map(domainAnswer));
  server.get<{ Params: { domainId: string } }>('/domains/:domainId', async ({ params }) => {
    const domain = findDomain(params.domainId);
    if (!domain) throw serviceErrors.domainNotFound();
    return domainAnswer(domain);
  });
}
