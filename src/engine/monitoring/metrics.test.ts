import { expect, test } from 'vitest';

import { createMetrics } from './metrics.ts';

test('numbers are written as Prometheus reads them', () => {
  const metrics = createMetrics();
  const requests = metrics.counter('requests_total', 'Requests.');
  metrics.gauge('free_bytes', 'Free.', () => 12);
  metrics.gauge('queue', 'Waiting.', () => [[{ name: 'a "quoted" \\ name' }, 3]]);
  const times = metrics.histogram('seconds', 'Times.', [0.1, 1]);
  requests.add({ status: '200' });
  requests.add({ status: '200' });
  requests.add({ status: '404' });
  for (const value of [0.05, 0.1, 0.5, 7]) times.observe({ route: '/' }, value);
  expect(metrics.render()).toBe(
    `# HELP requests_total Requests.
# TYPE requests_total counter
requests_total{status="200"} 2
requests_total{status="404"} 1
# HELP free_bytes Free.
# TYPE free_bytes gauge
free_bytes 12
# HELP queue Waiting.
# TYPE queue gauge
queue{name="a \\"quoted\\" \\\\ name"} 3
# HELP seconds Times.
# TYPE seconds histogram
seconds_bucket{route="/",le="0.1"} 2
seconds_bucket{route="/",le="1"} 3
seconds_bucket{route="/",le="+Inf"} 4
seconds_sum{route="/"} 7.65
seconds_count{route="/"} 4
`,
  );
});
