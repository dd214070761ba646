import type { RecognitionSettings } from '../settings/recognition-settings.ts';
import { openCustomVisionClient } from './custom-vision-client.ts';
import { afterFailedProbe, afterFault, fresh } from './endpoint-state.ts';
import type { EndpointState } from './endpoint-state.ts';
import type { ClassifyOutcome, PredictionClient } from './prediction-client.ts';
import { probePicture } from './probe-picture.ts';
import type { Recogniser, RecognitionFault, RecognitionResult } from './recognition.ts';

/** Which endpoint answers now, and what is wrong with one that does not. */
export interface RecognitionHealth {
  readonly via: 'first' | 'second' | 'none';
  readonly first: EndpointHealth;
  /** Null where no second endpoint is set. */
  readonly second: EndpointHealth | null;
}

export type EndpointHealth =
  | { readonly kind: 'working' }
  | { readonly kind: 'out'; readonly fault: RecognitionFault; readonly message: string };

/** One try at one endpoint, for the metrics. */
export interface TryMeasure {
  readonly via: 'first' | 'second';
  readonly purpose: 'shopper' | 'probe';
  /** `abandoned`: another endpoint was quicker, or the deadline came. */
  readonly outcome: 'predictions' | 'abandoned' | RecognitionFault;
  /** From the call to the whole answer, over HTTP. */
  readonly httpMs: number;
  /** The part of it that the server says it worked; null where it says nothing. */
  readonly serverMs: number | null;
}

export interface RecogniserParts {
  readonly first: PredictionClient;
  readonly second: PredictionClient | null;
  readonly deadlineMs: number;
  readonly keepPictures: boolean;
  readonly onTry?: (measure: TryMeasure) => void;
}

export interface RunningRecogniser extends Recogniser {
  health(): RecognitionHealth;
  /** Calls the listener at every change, not with the state of now. Returns its removal. */
  onHealth(listener: (health: RecognitionHealth) => void): () => void;
  /**
   * Asks each endpoint once, so that connections and models are ready before the first shopper and
   * a wrong setting is known at once. Never rejects; gives a cold model several deadlines.
   */
  warm(): Promise<RecognitionHealth>;
  close(): void;
}

/** Opens a recogniser on the SDK for settings that were judged good. */
export function openRecogniser(
  settings: RecognitionSettings,
  onTry?: (measure: TryMeasure) => void,
): RunningRecogniser {
  return createRecogniser({
    first: openCustomVisionClient(settings.first),
    second: settings.second && openCustomVisionClient(settings.second, 'Second'),
    deadlineMs: settings.deadlineMs,
    keepPictures: settings.keepPictures,
    ...(onTry ? { onTry } : {}),
  });
}

/** The share of the deadline after which the second endpoint is asked beside the first. */
const firstShare = 0.5;
/** A second try in less time than this is not worth its call. */
const shortestTryMs = 50;
const warmDeadlines = 5;

/**
 * Asks the first endpoint; the second joins when the first has failed or used up its share of the
 * time, and the first answer counts. An endpoint that is out is not asked, so that nobody waits
 * for it; probes in the background find out when it is back.
 *
 *   0 ms            share              deadline
 *   ├─ first ────────┼──────────────────┤   (one more try, if one may help)
 *   │                └─ second ─────────┤
 *   └─ first fails ▶ second ────────────┤
 */
export function createRecogniser(parts: RecogniserParts): RunningRecogniser {
  const { deadlineMs } = parts;
  const listeners = new Set<(health: RecognitionHealth) => void>();
  const first = openEndpoint('first', parts.first);
  const second = parts.second && openEndpoint('second', parts.second);
  const endpoints = second ? [first, second] : [first];
  let closed = false;

  function openEndpoint(via: 'first' | 'second', client: PredictionClient): Endpoint {
    return { via, client, state: fresh, probeTimer: undefined };
  }

  const health = (): RecognitionHealth => ({
    via: endpoints.find((endpoint) => endpoint.state.kind === 'working')?.via ?? 'none',
    first: toHealth(first.state),
    second: second && toHealth(second.state),
  });

  const enter = (endpoint: Endpoint, state: EndpointState): void => {
    if (closed) return;
    const before = endpoint.state;
    endpoint.state = state;
    if (state.kind === 'out' && state !== before) scheduleProbe(endpoint, state.probeInMs);
    if (sameHealth(before, state)) return;
    const now = health();
    for (const listener of listeners) listener(now);
  };

  const classify = async (
    endpoint: Endpoint,
    picture: Uint8Array,
    purpose: TryMeasure['purpose'],
    signal: AbortSignal,
  ): Promise<ClassifyOutcome> => {
    const startedMs = performance.now();
    const store = purpose === 'shopper' && parts.keepPictures;
    let outcome: ClassifyOutcome;
    try {
      outcome = await endpoint.client.classify(picture, { signal, store });
    } catch (error) {
      outcome = unforeseen(endpoint, error);
    }
    parts.onTry?.({
      via: endpoint.via,
      purpose,
      outcome: signal.aborted
        ? 'abandoned'
        : outcome.kind === 'fault'
          ? outcome.fault
          : outcome.kind,
      httpMs: performance.now() - startedMs,
      serverMs: outcome.kind === 'predictions' ? outcome.serverMs : null,
    });
    return outcome;
  };

  const scheduleProbe = (endpoint: Endpoint, inMs: number): void => {
    clearTimeout(endpoint.probeTimer);
    endpoint.probeTimer = setTimeout(() => {
      // With a second endpoint at hand, an answer later than the first's share does not help.
      const limitMs = endpoint === first && second ? deadlineMs * firstShare : deadlineMs;
      void probe(endpoint, limitMs);
    }, inMs);
    endpoint.probeTimer.unref();
  };

  const probe = async (endpoint: Endpoint, limitMs: number): Promise<void> => {
    const call = new AbortController();
    const late = after(limitMs, () => call.abort());
    const outcome = await Promise.race([
      classify(endpoint, probePicture, 'probe', call.signal),
      aborted(call.signal).then(() => noAnswer(endpoint, limitMs)),
    ]);
    late.cancel();
    enter(
      endpoint,
      outcome.kind === 'predictions' ? fresh : afterFailedProbe(endpoint.state, outcome),
    );
  };

  const recognise = (picture: Uint8Array): Promise<RecognitionResult> => {
    const startedMs = performance.now();
    const leftMs = () => deadlineMs - (performance.now() - startedMs);
    const [lead, reserve] = endpoints.filter((endpoint) => endpoint.state.kind === 'working');
    if (lead === undefined)
      return Promise.resolve(unavailable(outFault(first) ?? noAnswer(first, 0), 0));

    return new Promise((resolve) => {
      const call = new AbortController();
      const pending = new Set<Endpoint>();
      const timers = new Set<Cancellable>();
      let leadFault: FaultOutcome | null = null;
      let retriesLeft = 1;
      let reserveAsked = false;
      let settled = false;

      const settle = (result: RecognitionResult): void => {
        settled = true;
        for (const timer of timers) timer.cancel();
        if (pending.size > 0) call.abort();
        resolve(result);
      };

      /** What is told is the first endpoint's fault, also where it was out before this call. */
      const giveUp = (last: FaultOutcome): void => {
        const known = lead === first ? leadFault : outFault(first);
        settle(unavailable(known ?? last, performance.now() - startedMs));
      };

      const answered = (endpoint: Endpoint, outcome: ClassifyOutcome): void => {
        // Whoever lost the race has been judged when it was lost.
        if (settled) return;
        if (outcome.kind === 'predictions') {
          pending.delete(endpoint);
          enter(endpoint, fresh);
          if (endpoint === reserve && pending.has(lead)) late(lead, deadlineMs * firstShare);
          settle({
            kind: 'recognised',
            predictions: outcome.predictions,
            ...(outcome.embedding === undefined ? {} : { embedding: outcome.embedding }),
            tookMs: performance.now() - startedMs,
            via: endpoint.via,
          });
          return;
        }
        if (endpoint === lead) leadFault = outcome;
        const inMs = outcome.retryAfterMs;
        const reserveIsQuicker = reserve !== undefined && !reserveAsked && inMs !== 0;
        if (
          inMs !== null &&
          retriesLeft > 0 &&
          !reserveIsQuicker &&
          inMs + shortestTryMs < leftMs()
        ) {
          retriesLeft -= 1;
          timers.add(after(inMs, () => ask(endpoint)));
          return;
        }
        pending.delete(endpoint);
        enter(endpoint, afterFault(endpoint.state, outcome, deadlineMs));
        if (reserve !== undefined && !reserveAsked) {
          askReserve(reserve);
        } else if (pending.size === 0) {
          giveUp(outcome);
        }
      };

      const ask = (endpoint: Endpoint): void => {
        pending.add(endpoint);
        void classify(endpoint, picture, 'shopper', call.signal).then((outcome) =>
          answered(endpoint, outcome),
        );
      };

      const askReserve = (endpoint: Endpoint): void => {
        if (reserveAsked) return;
        reserveAsked = true;
        ask(endpoint);
      };

      const late = (endpoint: Endpoint, limitMs: number): void =>
        enter(endpoint, afterFault(endpoint.state, noAnswer(endpoint, limitMs), deadlineMs));

      timers.add(
        after(deadlineMs, () => {
          for (const endpoint of pending) late(endpoint, deadlineMs);
          giveUp(noAnswer(lead, deadlineMs));
        }),
      );
      if (reserve) timers.add(after(deadlineMs * firstShare, () => askReserve(reserve)));
      ask(lead);
    });
  };

  return {
    recognise,
    health,
    onHealth(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async warm() {
      await Promise.all(endpoints.map((each) => probe(each, warmDeadlines * deadlineMs)));
      return health();
    },
    close() {
      closed = true;
      for (const endpoint of endpoints) {
        clearTimeout(endpoint.probeTimer);
        endpoint.client.close();
      }
    },
  };
}

interface Endpoint {
  readonly via: 'first' | 'second';
  readonly client: PredictionClient;
  state: EndpointState;
  probeTimer: NodeJS.Timeout | undefined;
}

interface Cancellable {
  readonly cancel: () => void;
}

type FaultOutcome = Extract<ClassifyOutcome, { kind: 'fault' }>;

function toHealth(state: EndpointState): EndpointHealth {
  return state.kind === 'working'
    ? { kind: 'working' }
    : { kind: 'out', fault: state.fault, message: state.message };
}

function sameHealth(one: EndpointState, other: EndpointState): boolean {
  if (one.kind === 'working' || other.kind === 'working') return one.kind === other.kind;
  return one.fault === other.fault && one.message === other.message;
}

function unavailable({ fault, message }: FaultOutcome, tookMs: number): RecognitionResult {
  return { kind: 'unavailable', fault, message, tookMs };
}

function outFault({ state }: Endpoint): FaultOutcome | null {
  if (state.kind === 'working') return null;
  return { kind: 'fault', fault: state.fault, message: state.message, retryAfterMs: null };
}

function noAnswer({ client }: Endpoint, limitMs: number): FaultOutcome {
  const message = `${client.name} did not answer within ${limitMs} ms.`;
  return { kind: 'fault', fault: 'deadline', message, retryAfterMs: null };
}

function unforeseen({ client }: Endpoint, error: unknown): FaultOutcome {
  const reason = error instanceof Error ? error.message : String(error);
  const message = `${client.name} could not be asked: ${reason}`;
  return { kind: 'fault', fault: 'unreachable', message, retryAfterMs: null };
}

function after(ms: number, then: () => void): Cancellable {
  const timer = setTimeout(then, ms);
  return { cancel: () => clearTimeout(timer) };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
