import { stackText } from './error-text.ts';
import type { LogEvent } from './log.ts';

const redacted = '[redacted]';

/** One line of JSON: `time`, `level`, `event`, then the details. Never throws. */
export function logLine(event: LogEvent, now: Date): string {
  const line = { time: now.toISOString(), ...event };
  try {
    return `${JSON.stringify(line, written)}\n`;
  } catch (error) {
    // A circle, or a toJSON of its own that throws: the event itself still has to be told.
    const { time, level, event: name } = line;
    return `${JSON.stringify({ time, level, event: name, unwritable: String(error) })}\n`;
  }
}

function written(name: string, value: unknown): unknown {
  if (isSecretName(name) && value !== null && value !== undefined) return redacted;
  if (typeof value === 'string') return withoutSecrets(value);
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Error) return withoutSecrets(stackText(value));
  if (Array.isArray(value)) return withoutSecretPairs(value);
  if (isSecretEntry(value)) return { ...value, value: redacted };
  return value;
}

/** A header as `['Prediction-Key', '…']`, alone or in a flat list of them. */
function withoutSecretPairs(list: readonly unknown[]): readonly unknown[] {
  return list.map((item, at) => (at > 0 && namesSecret(list[at - 1]) ? redacted : item));
}

/** A header as `{ name: 'Prediction-Key', value: '…' }`. */
function isSecretEntry(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || !('value' in value)) return false;
  return ['name', 'key', 'header'].some(
    (title) => title in value && namesSecret(value[title as keyof typeof value]),
  );
}

function namesSecret(value: unknown): boolean {
  return typeof value === 'string' && /^[\w-]+$/.test(value) && isSecretName(value);
}

const secretWords = new Set([
  ...['key', 'keys', 'pin', 'pins', 'password', 'passphrase', 'secret', 'secrets', 'sig'],
  ...['token', 'tokens', 'credential', 'credentials', 'authorization', 'cookie'],
]);

/** Written as one word: a hotkey or a turkey is no secret. */
const secretKeyWord =
  /^(?:api|app|access|account|encryption|prediction|private|secret|shared|signing|storage|subscription|training)keys?$/;

/** `predictionKey`, `Prediction-Key`, `PREDICTIONKEY` and `staff_pin`, but not `keyboard`. */
function isSecretName(name: string): boolean {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/)
    .map((word) => word.toLowerCase())
    .some((word) => secretWords.has(word) || secretKeyWord.test(word));
}

/** In a text that is JSON within JSON, quotes have backslashes before them. */
const quote = String.raw`\\{0,7}["']`;
const secretNames = 'key|pin|password|passphrase|secret|token|credentials?|authorization|cookie';
const assigned = String.raw`(?:${quote})?\s*(?:=>|[:=])\s*(?:(?:bearer|basic) +)?`;
/** `'Prediction-Key', '…'` and `"Prediction-Key", "value": "…"`, but not `"turkey", "price": …`. */
const listed = String.raw`${quote}\s*,\s*(?:(?:${quote})?value(?:${quote})?\s*:\s*)?(?=${quote})(?!${quote}[\w-]*${quote}\s*:)`;
const quoted = String.raw`(?<quote>${quote})(?:(?!\k<quote>)(?:\\[^]|[^\\]))*`;
const bare = String.raw`[^\s"'&,;)}\]]+`;

// Begins at a word's start, and nothing in it can match in two ways, so that a long text takes no longer
// than it is long.
const secretInText = new RegExp(
  String.raw`(?<head>(?<![\w-])(?:[\w-]*(?:${secretNames})(?:${assigned}|${listed})|sig=))(?:${quoted}|${bare})`,
  'gi',
);

const userInAddress = /(:\/\/)[^\s/@]+@/g;

/** `?Prediction-Key=…` of an address, the like of a header or of JSON, and a proxy's user. */
function withoutSecrets(text: string): string {
  return text
    .replaceAll(secretInText, `$<head>$<quote>${redacted}`)
    .replaceAll(userInAddress, `$1${redacted}@`);
}
