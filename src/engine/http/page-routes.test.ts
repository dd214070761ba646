import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { toServiceError } from './to-service-error.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { readPageFiles } from './page-files.ts';
import { addPageRoutes } from './page-routes.ts';

let server: FastifyInstance;

beforeEach(async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'page', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'page', 'index.html'), '<h1>engine</h1>');
  writeFileSync(join(folder, 'page', 'assets', 'a-1.js'), 'run()');
  writeFileSync(join(folder, 'page', 'assets', 'notes.txt'), 'not for the web');
  writeFileSync(join(folder, 'keys.json'), 'secret');
  server = fastify();
  server.setErrorHandler(async (error, _request, reply) =>
    reply.code(toServiceError(error)?.status ?? 500).send({}),
  );
  addPageRoutes(server, await readPageFiles(join(folder, 'page')));
});
afterEach(() => server.close());

test('the page comes with a policy that lets no stranger in', async () => {
  const { statusCode, headers, body } = await server.inject('/');
  expect(statusCode).toBe(200);
  expect(body).toBe('<h1>engine</h1>');
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(headers['cache-control']).toBe('no-cache');
  expect(headers['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
});

test('its parts may be kept for long', async () => {
  const { headers, body } = await server.inject('/assets/a-1.js');
  expect(body).toBe('run()');
  expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
  expect(headers['cache-control']).toContain('immutable');
});

test.each([
  '/assets/../../keys.json',
  '/assets/..%2f..%2fkeys.json',
  '/assets/notes.txt',
  '/assets/',
])('%s is not given away', async (url) => {
  const { statusCode, body } = await server.inject(url);
  expect(statusCode).toBe(404);
  expect(body).not.toContain('secret');
});

test('a page that was not built is nothing to read', async () => {
  expect((await readPageFiles(join(temporaryFolder(), 'none'))).size).toBe(0);
});
