import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { PredictionAPIClient } from '@azure/cognitiveservices-customvision-prediction';
import { ApiKeyCredentials, DefaultHttpClient, RestError } from '@azure/ms-rest-js';
import type {
  AbortSignalLike,
  AgentSettings,
  RequestOptionsBase,
  ServiceClientOptions,
} from '@azure/ms-rest-js';
import { z } from 'zod';
import type { EndpointSettings } from '../settings/recognition-settings.ts';
import { faultOf, notUnderstood } from './custom-vision-faults.ts';
import type { CallFailure, FaultContext } from './custom-vision-faults.ts';
import { exchange } from './http-exchange.ts';
import type { ClassifyOutcome, PredictionClient } from './prediction-client.ts';
import { goesThroughProxy } from './proxy.ts';
import type { Prediction } from './recognition.ts';

/*
 * The only file that knows the prediction SDK (5.1.2) and its runtime ms-rest-js (2.7.0). What
 * each line below is there for:
 *
 *   noRetryPolicy     the SDK's own retries wait 30 s and more, and never retry what would help
 *   abortSignal only  its `timeout` leaves a timer behind that keeps the process alive, and ends
 *                     one try where the deadline is for all of them
 *   agentSettings     `keepAlive` alone opens a connection a call; and only with agents of its own
 *                     does it keep a proxy from the environment out of the way to this machine
 *   Buffer            Uint8Array, ArrayBuffer and Blob pass its checks and then throw
 *   NodeHttpClient    node-fetch below it waits for ever when a connection ends in the middle of
 *                     an answer, and would collect an answer without an end into memory
 *   zod               of an answer in the wrong shape it makes an object without predictions
 *   no shared state   each call makes its own pipeline, so calls may overlap
 */

/** The service's own limit for a picture to classify. */
export const largestPictureBytes = 4 * 1024 * 1024;

/** An answer with the service's 500 tags has about 75 kB. */
const largestAnswerBytes = 2_000_000;

const answer = z.object({
  predictions: z.array(
    z.object({
      tagId: z.string().nullish(),
      tagName: z.string().nullish(),
      tagType: z.enum(['Regular', 'Negative', 'GeneralProduct']).catch('Regular'),
      // Sums of single-precision softmax end a hair over 1.
      probability: z.number().min(0).max(1.001),
    }),
  ),
});

/**
 * Freshlane's own engine answers it with the picture's embedding, signed bytes in Base64; the service
 * does not know it and says nothing.
 */
const embeddingHeader = 'Freshlane-Embedding';

/** No longer than the 8 kB that servers and proxies let headers have. */
const embeddingText = z.base64().min(4).max(8_192);

/** Its errors name the settings as `PredictionKey` or, with the prefix, `SecondPredictionKey`. */
export function openCustomVisionClient(
  endpoint: EndpointSettings,
  settingPrefix: '' | 'Second' = '',
): PredictionClient {
  const agents: AgentSettings = {
    http: new HttpAgent({ keepAlive: true }),
    https: new HttpsAgent({ keepAlive: true }),
  };
  const options: ServiceClientOptions = {
    noRetryPolicy: true,
    httpClient: new NodeHttpClient(),
    ...(goesThroughProxy(endpoint.predictionEndpoint, process.env)
      ? {}
      : { agentSettings: agents }),
  };
  const credentials = new ApiKeyCredentials({
    inHeader: { 'Prediction-Key': endpoint.predictionKey },
  });
  const client = new PredictionAPIClient(credentials, endpoint.predictionEndpoint, options);
  const context: FaultContext = { endpoint, settingPrefix };

  return {
    name: `${settingPrefix}PredictionEndpoint ${endpoint.predictionEndpoint}`,
    async classify(picture, { signal, store }) {
      const refused = refusePicture(picture);
      if (refused !== null) return refused;
      const body = Buffer.from(picture.buffer, picture.byteOffset, picture.byteLength);
      const { projectId, modelName } = endpoint;
      // The types differ in the `this` of onabort alone, which the SDK does not use.
      const call: RequestOptionsBase = {
        abortSignal: signal as unknown as AbortSignalLike,
        customHeaders: { [embeddingHeader]: 'wanted' },
      };
      try {
        const reply = store
          ? await client.classifyImage(projectId, modelName, body, call)
          : await client.classifyImageWithNoStore(projectId, modelName, body, call);
        const parsed = answer.safeParse(reply);
        if (!parsed.success) {
          const { bodyAsText, headers } = reply._response;
          return notUnderstood(context, bodyAsText, headers.get('content-type') ?? '');
        }
        const { headers } = reply._response;
        const embedding = embeddingOf(headers.get(embeddingHeader));
        return {
          kind: 'predictions',
          predictions: parsed.data.predictions.map(toPrediction).sort(byProbability),
          ...(embedding === null ? {} : { embedding }),
          serverMs: totalOf(headers.get('server-timing')),
        };
      } catch (error) {
        return faultOf(signal.aborted ? { kind: 'aborted' } : failureOf(error), context);
      }
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

type FetchInit = NonNullable<Parameters<DefaultHttpClient['fetch']>[1]>;
type FetchResponse = Awaited<ReturnType<DefaultHttpClient['fetch']>>;

/** What the SDK hands to `fetch`, as far as it is looked at here. */
interface SdkRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A form knows its bytes where all its parts are buffers. */
  readonly body?: { readonly getBuffer: () => Buffer } | string;
  readonly agent?: HttpAgent;
  readonly signal: Pick<AbortSignalLike, 'addEventListener'>;
}

/** The SDK's client with the sending itself done by Node. */
class NodeHttpClient extends DefaultHttpClient {
  override async fetch(url: string, init?: FetchInit): Promise<FetchResponse> {
    const { method, headers, body, agent, signal } = init as unknown as SdkRequest;
    // The SDK's own kind of signal is not one that Node takes.
    const call = new AbortController();
    signal.addEventListener('abort', () => call.abort());
    const response = await exchange(url, {
      method,
      headers,
      body: typeof body === 'object' ? body.getBuffer() : (body ?? null),
      agent,
      signal: call.signal,
      mostAnswerBytes: largestAnswerBytes,
    });
    return Object.assign(response, { trailer: undefined });
  }
}

function refusePicture(picture: Uint8Array): ClassifyOutcome | null {
  const refuse = (message: string): ClassifyOutcome => ({
    kind: 'fault',
    fault: 'bad-picture',
    message,
    retryAfterMs: null,
  });
  if (picture.byteLength === 0) return refuse('The picture is empty (0 bytes).');
  if (picture.byteLength > largestPictureBytes) {
    return refuse('The picture has over 4 MB, which is the most that Custom Vision takes.');
  }
  return null;
}

/** Brings what the SDK throws into a form that is not the SDK's. */
function failureOf(error: unknown): CallFailure {
  const status = error instanceof RestError ? (error.statusCode ?? error.response?.status) : null;
  if (error instanceof RestError && typeof status === 'number') {
    const isParseError = error.code === RestError.PARSE_ERROR;
    return {
      kind: 'http',
      status,
      // The SDK takes `code` from the service's form of an error, so that only this has one.
      code: isParseError ? null : (error.code ?? null),
      message: isParseError ? '' : error.message,
      body: bodyOf(error),
      header: (name) => error.response?.headers.get(name) ?? null,
    };
  }
  const { code } = z.looseObject({ code: z.string().optional() }).catch({}).parse(error);
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'network', code: code ?? '', message };
}

/** The SDK leaves the body's text in one of three places, by the stage at which it gave up. */
function bodyOf(error: RestError): string {
  const response: { bodyAsText?: unknown; body?: unknown } = error.response ?? {};
  return (
    [response.bodyAsText, response.body, error.body].find((body) => typeof body === 'string') ?? ''
  );
}

function toPrediction(raw: z.infer<typeof answer>['predictions'][number]): Prediction {
  return {
    tagId: raw.tagId ?? '',
    tagName: raw.tagName ?? '',
    tagType: raw.tagType,
    probability: Math.min(1, raw.probability),
  };
}

function byProbability(one: Prediction, other: Prediction): number {
  return other.probability - one.probability;
}

function embeddingOf(header: string | undefined): Float32Array | null {
  const text = embeddingText.safeParse(header);
  return text.success ? Float32Array.from(new Int8Array(Buffer.from(text.data, 'base64'))) : null;
}

function totalOf(serverTiming: string | undefined): number | null {
  const found = /(?:^|,)\s*total\s*;(?:[^,]*;)?\s*dur=([\d.]+)/.exec(serverTiming ?? '')?.[1];
  return found === undefined || !Number.isFinite(Number(found)) ? null : Number(found);
}
