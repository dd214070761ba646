import type { RecognitionHealth } from '../../recognition/recogniser.ts';
import type { DeviceCondition } from '../device.ts';

/** An endpoint's health as a device's condition. */
export function conditionOf({ via, first }: RecognitionHealth): DeviceCondition {
  if (via === 'first') return { kind: 'ready', label: 'first endpoint' };
  const said = first.kind === 'out' ? first.message : null;
  if (via === 'none') return outOfService(said);
  return {
    kind: 'degraded',
    code: secondEndpoint,
    advice:
      `The second endpoint stands in; look why the first does not answer. ${said ?? ''}`.trim(),
  };
}

/** The first endpoint is out, and the second one answers. */
export const secondEndpoint = 'second-endpoint';

/** `said` is the endpoint's own word on it, where there is one. */
export function outOfService(said: string | null): DeviceCondition {
  const advice = 'Look whether the endpoint is set right, runs, and can be reached.';
  return {
    kind: 'lost',
    code: 'no-endpoint',
    advice: said === null ? advice : `${advice} ${said}`,
  };
}
