import type { RecognitionFault } from './recognition.ts';

/**
 * A circuit breaker without a clock of its own: the caller asks `works` before a call and reports
 * each outcome, and is told when to look again.
 *
 *              fault, fewer than `faultsToOpen` in a row
 *              ┌──┐
 *              │  ▼        `faultsToOpen` faults, or told to rest
 *   start ──▶ working ───────────────────────────────────────────▶ out ──┐ failed probe:
 *                ▲                                                  │ ▲  │ wait twice as long
 *                └────────────── a probe succeeded ─────────────────┘ └──┘
 *
 * Unlike the usual half-open breaker it never lets a shopper's call be the probe, and it measures
 * no time by the wall clock, which a kiosk without a battery sets back or forth at start-up.
 */
export type EndpointState =
  | { readonly kind: 'working'; readonly faultsInRow: number }
  | {
      readonly kind: 'out';
      readonly fault: RecognitionFault;
      readonly message: string;
      /** How long to wait before the next probe. */
      readonly probeInMs: number;
    };

interface Fault {
  readonly fault: RecognitionFault;
  readonly message: string;
  readonly retryAfterMs: number | null;
}

const faultsToOpen = 3;
const firstProbeMs = 1_000;
const longestProbeMs = 60_000;
/** What a server may ask for at most: a shop does not stay shut for a day by one header. */
const longestRestMs = 10 * 60_000;

export const fresh: EndpointState = { kind: 'working', faultsInRow: 0 };

/** After a shopper's call failed. `patienceMs`: a rest longer than this is kept to. */
export function afterFault(state: EndpointState, fault: Fault, patienceMs: number): EndpointState {
  if (state.kind === 'out' || saysNothing(fault)) return state;
  const restMs = restOf(fault);
  if (restMs > patienceMs) return out(fault, restMs);
  const faultsInRow = state.faultsInRow + 1;
  return faultsInRow < faultsToOpen ? { kind: 'working', faultsInRow } : out(fault, firstProbeMs);
}

/** After a probe failed, or the first call at start-up: one fault is enough. */
export function afterFailedProbe(state: EndpointState, fault: Fault): EndpointState {
  if (saysNothing(fault)) return fresh;
  const nextMs =
    state.kind === 'out' ? Math.min(longestProbeMs, 2 * state.probeInMs) : firstProbeMs;
  return out(fault, Math.max(nextMs, restOf(fault)));
}

function out({ fault, message }: Fault, probeInMs: number): EndpointState {
  return { kind: 'out', fault, message, probeInMs };
}

/** An endpoint that judges a picture works. */
function saysNothing(fault: Fault): boolean {
  return fault.fault === 'bad-picture';
}

function restOf(fault: Fault): number {
  return fault.fault === 'rate-limited' || fault.fault === 'server-error'
    ? Math.min(longestRestMs, fault.retryAfterMs ?? 0)
    : 0;
}
