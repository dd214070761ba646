import type { EndpointSettings } from '../settings/recognition-settings.ts';
import { tooMuch } from './http-exchange.ts';
import type { ClassifyOutcome } from './prediction-client.ts';
import type { RecognitionFault } from './recognition.ts';

export interface FaultContext {
  readonly endpoint: EndpointSettings;
  readonly settingPrefix: '' | 'Second';
}

/** How a call ended that brought no answer. */
export type CallFailure =
  | { readonly kind: 'aborted' }
  | {
      readonly kind: 'http';
      readonly status: number;
      /** The service's own code, null where the answer is not in the service's form of an error. */
      readonly code: string | null;
      readonly message: string;
      readonly body: string;
      readonly header: (name: string) => string | null;
    }
  /** `code` is Node's, such as ECONNREFUSED. */
  | { readonly kind: 'network'; readonly code: string; readonly message: string };

type Fault = Extract<ClassifyOutcome, { kind: 'fault' }>;

/** A server that just failed gets this long before it is asked again. */
const serverErrorPauseMs = 100;

/** Says what went wrong in a call, and which setting to look at. */
export function faultOf(failure: CallFailure, context: FaultContext): Fault {
  const where = new Words(context);
  switch (failure.kind) {
    case 'aborted':
      return fault('deadline', `${where.endpoint} did not answer in time.`);
    case 'network':
      return networkFault(failure, where);
    case 'http':
      return failure.status === 200
        ? notUnderstood(context, failure.body, failure.header('content-type') ?? '')
        : httpFault(failure, where);
  }
}

/** For an answer of status 200 that holds no predictions. */
export function notUnderstood(context: FaultContext, body: string, contentType: string): Fault {
  const where = new Words(context);
  if (/html/i.test(contentType) || /^\s*<(!doctype|html)/i.test(body)) {
    return fault(
      'wrong-endpoint',
      `${where.endpoint} answered with a web page: that is not Custom Vision, or the network ` +
        'asks to sign in first.',
    );
  }
  return fault(
    'not-understood',
    isJson(body)
      ? `${where.endpoint} answered with JSON that holds no predictions in Custom Vision's form.`
      : `${where.endpoint} answered with something that is not JSON.`,
  );
}

/** The settings' names and the service's words, fit for showing. */
class Words {
  readonly endpoint: string;
  readonly key: string;
  readonly project: string;
  readonly model: string;
  readonly #context: FaultContext;

  constructor(context: FaultContext) {
    const { settingPrefix, endpoint } = context;
    this.#context = context;
    this.endpoint = `${settingPrefix}PredictionEndpoint ${endpoint.predictionEndpoint}`;
    this.key = `${settingPrefix}PredictionKey`;
    this.project = `${settingPrefix}ProjectID ${endpoint.projectId}`;
    this.model = `${settingPrefix}ModelName "${endpoint.modelName}"`;
  }

  /** The server's own words behind a sentence; a server may repeat the key in them. */
  quote(message: string): string {
    const said = message
      .replaceAll(this.#context.endpoint.predictionKey, '…')
      .replace(/\s+/g, ' ')
      .trim();
    if (said === '' || said.startsWith('<')) return '';
    return ` It says: "${said.length > 200 ? `${said.slice(0, 200)}…` : said}"`;
  }
}

function httpFault(failure: Extract<CallFailure, { kind: 'http' }>, where: Words): Fault {
  const { status } = failure;
  // A web server's 404 page is no word of the service.
  const ownForm = failure.code !== null;
  const code = failure.code ?? '';
  const message = ownForm ? failure.message : '';
  const said = where.quote(message);
  const retryAfterMs = retryAfterOf(failure.header('retry-after'), message);

  if (status === 429 || /quota/i.test(message)) {
    const when =
      retryAfterMs === null ? '' : ` It may be asked again in ${inSeconds(retryAfterMs)}.`;
    return fault(
      'rate-limited',
      `${where.endpoint} gets more calls than its price tier allows (${status}).${when}${said}`,
      retryAfterMs,
    );
  }
  if (status === 401 || status === 403) {
    return fault(
      'wrong-key',
      `${where.key} is not accepted by ${where.endpoint} (${status}): is it the prediction ` +
        `resource's key, not the training resource's, and of this endpoint?${said}`,
    );
  }
  if (status >= 500 || status === 408) {
    return fault(
      'server-error',
      `${where.endpoint} failed (${status}); the settings may be right.${said}`,
      retryAfterMs ?? serverErrorPauseMs,
    );
  }
  if (status >= 300 && status < 400) {
    const target = failure.header('location');
    return fault(
      'wrong-endpoint',
      `${where.endpoint} sends elsewhere (${status}${target ? `, to ${originOf(target)}` : ''}), ` +
        'which Custom Vision does not do: the key is not sent on.',
    );
  }
  if (status === 413 || status === 415 || code.startsWith('BadRequestImage')) {
    return fault('bad-picture', `The picture is not accepted by ${where.endpoint}.${said}`);
  }
  if (ownForm && (status === 400 || status === 404)) {
    const known = clientErrors.find((entry) => entry.when.test(`${code} ${message}`));
    if (known) return fault(known.fault, `${known.say(where)}${said}`);
    if (status === 400) {
      return fault('not-understood', `${where.endpoint} refused the call (400).${said}`);
    }
  }
  return fault(
    'wrong-endpoint',
    `${where.endpoint} is a web server, but not Custom Vision (${status} for its path).${said}`,
  );
}

/** Matched against "code message" of the service's 400s and 404s; the first that fits counts. */
const clientErrors: readonly {
  readonly when: RegExp;
  readonly fault: RecognitionFault;
  readonly say: (where: Words) => string;
}[] = [
  {
    when: /project type/i,
    fault: 'wrong-project-type',
    say: (where) => `${where.project} detects objects; it must be a classification project.`,
  },
  {
    when: /NotFoundIteration|PublishName|IterationNotPublished|IterationIsNotTrained|invalid iteration/i,
    fault: 'wrong-model-name',
    say: (where) =>
      `${where.model} is not published in ${where.project}: the portal's Performance page shows ` +
      'the published name.',
  },
  {
    when: /NotFoundProject|InvalidIds|invalid project|project not found/i,
    fault: 'wrong-project',
    say: (where) => `${where.project} is not known at ${where.endpoint}.`,
  },
  {
    when: /invalid image|image format|image size|image.*decod/i,
    fault: 'bad-picture',
    say: (where) => `The picture is not accepted by ${where.endpoint}.`,
  },
];

function networkFault(failure: Extract<CallFailure, { kind: 'network' }>, where: Words): Fault {
  const { message } = failure;
  // The SDK puts a code of its own before ENOTFOUND.
  const code = /\b(ENOTFOUND|EAI_AGAIN)\b/.exec(message)?.[1] ?? failure.code;
  const known = networkFaults.find((entry) => entry.when.test(code));
  if (known) return fault(known.fault, `${where.endpoint} ${known.say} (${code}).`, known.retryMs);
  if (code === tooMuch) {
    return fault('not-understood', `${where.endpoint} answered with far too much.`);
  }
  return fault('unreachable', `${where.endpoint} could not be asked.${where.quote(message)}`);
}

/** Matched against the code of Node's error. */
const networkFaults: readonly {
  readonly when: RegExp;
  readonly fault: RecognitionFault;
  readonly say: string;
  readonly retryMs: number | null;
}[] = [
  {
    when: /^ENOTFOUND$/,
    fault: 'wrong-endpoint',
    say: 'names a machine that is not known: the name is wrong, or there is no network',
    retryMs: null,
  },
  {
    when: /^ECONNREFUSED$/,
    fault: 'wrong-endpoint',
    say: 'has nothing that listens there: the port is wrong, or the service does not run',
    retryMs: null,
  },
  {
    when: /SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|CERT_UNTRUSTED/,
    fault: 'wrong-endpoint',
    say:
      'shows a certificate that this machine does not trust: add its issuer with ' +
      'NODE_EXTRA_CA_CERTS if it is your own',
    retryMs: null,
  },
  {
    when: /ALTNAME|CERT_|_CERT/,
    fault: 'wrong-endpoint',
    say: 'shows a certificate that is not valid for it: expired, or of another name',
    retryMs: null,
  },
  {
    when: /^(EPROTO|ERR_SSL_.*|ERR_TLS_.*)$/,
    fault: 'wrong-endpoint',
    say: 'does not speak TLS: is it http:// instead of https://?',
    retryMs: null,
  },
  {
    when: /^HPE_/,
    fault: 'wrong-endpoint',
    say: 'does not speak HTTP: is it another service, or https:// instead of http://?',
    retryMs: null,
  },
  {
    // A kept connection that the server closed in the same moment looks just like this.
    when: /^(ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE|ECONNABORTED)$/,
    fault: 'unreachable',
    say: 'broke the connection off',
    retryMs: 0,
  },
  {
    when: /^(EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EHOSTDOWN|ETIMEDOUT|EADDRNOTAVAIL)$/,
    fault: 'unreachable',
    say: 'cannot be reached: is the network connected?',
    retryMs: null,
  },
];

function fault(kind: RecognitionFault, message: string, retryAfterMs: number | null = null): Fault {
  return { kind: 'fault', fault: kind, message, retryAfterMs };
}

/** In the header, in seconds or as a date; else in the service's words "retry after 1 second". */
function retryAfterOf(value: string | null, message: string): number | null {
  const header = value?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(header)) return Math.ceil(Number(header) * 1000);
  const dateMs = Date.parse(header);
  if (!Number.isNaN(dateMs)) return Math.max(0, dateMs - Date.now());
  const words = /retry after (\d+(?:\.\d+)?) second/i.exec(message)?.[1];
  return words === undefined ? null : Math.ceil(Number(words) * 1000);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function originOf(location: string): string {
  return URL.canParse(location) ? new URL(location).origin : 'another path';
}

function inSeconds(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds === 1 ? '1 second' : `${seconds} seconds`;
}
