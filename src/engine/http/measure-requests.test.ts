import { fastify } from 'fastify';
import { Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';

import { measureRequests } from './measure-requests.ts';

test('answers are counted and timed by route; a picture counts only where it was recognised', async () => {
  const metrics = new Registry();
  const app = fastify();
  onTestFinished(() => app.close());
  measureRequests(app, metrics);
  app.post('/v3/prediction/:project', async (request, reply) =>
    reply.status(request.headers['x-refused'] === undefined ? 200 : 429).send(),
  );
  app.get('/v3/training/:project', async () => 'trained');
  await app.inject({ method: 'POST', url: '/v3/prediction/fruit' });
  await app.inject({ method: 'POST', url: '/v3/prediction/milk' });
  await app.inject({ method: 'POST', url: '/v3/prediction/milk', headers: { 'x-refused': '1' } });
  await app.inject({ method: 'GET', url: '/v3/training/fruit' });
  await app.inject({ method: 'GET', url: '/nowhere' });

  const lines = (await metrics.metrics()).split('\n');
  const told = (name: string) => lines.filter((line) => line.startsWith(name));
  expect(told('freshlane_http_requests_total')).toEqual([
    'freshlane_http_requests_total{method="POST",route="/v3/prediction/:project",status="200"} 2',
    'freshlane_http_requests_total{method="POST",route="/v3/prediction/:project",status="429"} 1',
    'freshlane_http_requests_total{method="GET",route="/v3/training/:project",status="200"} 1',
    'freshlane_http_requests_total{method="GET",route="none",status="404"} 1',
  ]);
  expect(told('freshlane_predictions_total')).toEqual(['freshlane_predictions_total 2']);
  expect(told('freshlane_http_request_seconds_count')).toEqual([
    'freshlane_http_request_seconds_count{route="/v3/prediction/:project"} 3',
    'freshlane_http_request_seconds_count{route="/v3/training/:project"} 1',
    'freshlane_http_request_seconds_count{route="none"} 1',
  ]);
});
