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
  return value;
}

const secretWords = new Set([
  ...['key', 'keys', 'pin', 'pins', 'password', 'passphrase', 'secret', 'secrets'],
  ...['token', 'tokens', 'credential', 'credentials', 'authorization', 'cookie'],
]);

/** `predictionKey`, `Prediction-Key` and `staff_pin`, but not `keyboard`. */
function isSecretName(name: string): boolean {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/)
    .some((word) => secretWords.has(word.toLowerCase()));
}

// Begins at a word's start, so that a long text takes no longer than it is long.
const secretInText =
  /((?<![\w-])[\w-]*(?:key|pin|password|passphrase|secret|token|authorization|cookie)["']?\s?[:=]\s?["']?(?:bearer |basic )?)([^\s"'&,;)}\]]+)/gi;

const userInAddress = /(:\/\/)[^\s/@]+@/g;

/** `?Prediction-Key=…` of an address, the like of a header or of JSON, and a proxy's user. */
function withoutSecrets(text: string): string {
  return text.replaceAll(secretInText, `$1${redacted}`).replaceAll(userInAddress, `$1${redacted}@`);
}
