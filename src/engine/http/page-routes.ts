import type { FastifyInstance, FastifyReply } from 'fastify';

import { serviceErrors } from '../domain/service-error.ts';
import type { PageFile } from './page-files.ts';

const headers = {
  // The page asks the engine alone, and nobody may put it into a frame or add a script to it.
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; " +
    "img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
    "frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
} as const;

const yearSeconds = 31_536_000;

/** The engine's own page at `/`; it needs no key, since it asks the reader for it. */
export function addPageRoutes(server: FastifyInstance, files: ReadonlyMap<string, PageFile>): void {
  const send = async (reply: FastifyReply, path: string): Promise<FastifyReply> => {
    const file = files.get(path);
    if (!file) throw serviceErrors.pathNotFound();
    // A file's name below `assets` changes with what is in it.
    const isFixed = path.startsWith('assets/');
    return reply
      .headers(headers)
      .header('Cache-Control', isFixed ? `max-age=${yearSeconds}, immutable` : 'no-cache')
      .type(file.type)
      .send(file.bytes);
  };
  const forPeople = { config: { operation: 'page' } } as const;
  server.get('/', forPeople, async (_request, reply) => send(reply, 'index.html'));
  server.get<{ Params: { '*': string } }>('/assets/*', forPeople, async ({ params }, reply) =>
    send(reply, `assets/${params['*']}`),
  );
}
