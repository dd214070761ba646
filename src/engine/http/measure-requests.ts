import type { FastifyInstance } from 'fastify';

import type { Metrics } from '../monitoring/metrics.ts';

const durationSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30];

/** Counts and times each answer by the route that gave it, whatever the path was. */
export function measureRequests(server: FastifyInstance, metrics: Metrics): void {
  const requests = metrics.counter('freshlane_http_requests_total', 'Requests answered.');
  const duration = metrics.histogram(
    'freshlane_http_request_seconds',
    'Time from the headers of a request to the end of its answer.',
    durationSeconds,
  );
  const predictions = metrics.counter('freshlane_predictions_total', 'Pictures recognised.');
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    requests.add({ method: request.method, route, status: String(reply.statusCode) });
    duration.observe({ route }, reply.elapsedTime / 1000);
    if (reply.statusCode === 200 && route.includes('/prediction/')) predictions.add({});
  });
}
