import { limits } from '../../domain/limits.ts';
import { badRequest } from '../../domain/service-error.ts';
import { tooMany } from './inputs.ts';

/** Takes the pictures out of `{"images":[{"contents":"…base64…"}, …], …}` while it comes in. */
export interface PictureJson {
  /** The pictures that end in this chunk; undefined for one that is larger than allowed. */
  readonly add: (chunk: Buffer) => (Buffer | undefined)[];
  /** All the rest, in which `contents` is the number of its picture, as a string. */
  readonly end: () => unknown;
}

const quote = 0x22;
const backslash = 0x5c;
const openObject = 0x7b;
const closeObject = 0x7d;
const openArray = 0x5b;
const closeArray = 0x5d;
const colon = 0x3a;
const comma = 0x2c;
const mostDepth = 32;

/**
 * A batch of 64 large photos is half a gigabyte of base64, far too much for one JSON.parse: so the
 * strings that carry pictures are cut out first, and only what remains is parsed.
 */
export function createPictureJson(pictureBytes: number): PictureJson {
  // Line breaks and the like in base64 are no fault.
  const mostCharacters = Math.ceil((pictureBytes * 4) / 3) * 1.1;
  const rest: Buffer[] = [];
  let restBytes = 0;
  let pictures = 0;

  const path: { readonly isObject: boolean; key: string }[] = [];
  let isValueNext = false;
  let string: 'none' | 'text' | 'picture' = 'none';
  let isEscaped = false;
  let pieces: Buffer[] = [];
  let piecesBytes = 0;

  const keepRest = (bytes: Buffer): void => {
    restBytes += bytes.byteLength;
    if (restBytes > limits.batchTextBytes) {
      throw badRequest('BadRequestImageBatch', 'The batch has too much text beside its images.');
    }
    if (bytes.byteLength > 0) rest.push(bytes);
  };

  const isPictureNext = (): boolean => {
    const [batch, list, entry] = path;
    return (
      isValueNext &&
      path.length === 3 &&
      list?.isObject === false &&
      batch?.key.toLowerCase() === 'images' &&
      entry?.key.toLowerCase() === 'contents'
    );
  };

  const endText = (): void => {
    const place = path.at(-1);
    // Longer ones are no keys that anyone asks for.
    if (place?.isObject && !isValueNext && piecesBytes <= 64) {
      place.key = Buffer.concat(pieces).toString('utf8');
    }
    isValueNext = false;
  };

  const endPicture = (): Buffer | undefined => {
    const number = pictures;
    pictures += 1;
    keepRest(Buffer.from(`"${number}"`));
    isValueNext = false;
    if (piecesBytes > mostCharacters) return undefined;
    const text = Buffer.concat(pieces).toString('latin1');
    const bytes = Buffer.from(text.includes('\\') ? unescaped(text) : text, 'base64');
    return bytes.byteLength > pictureBytes ? undefined : bytes;
  };

  const structure = (byte: number): void => {
    if (byte === openObject || byte === openArray) {
      path.push({ isObject: byte === openObject, key: '' });
      isValueNext = false;
      if (path.length > mostDepth) throw badRequest('BadRequest', 'The body is nested too deep.');
    } else if (byte === closeObject || byte === closeArray) {
      path.pop();
      isValueNext = false;
    } else if (byte === colon) isValueNext = true;
    else if (byte === comma) isValueNext = false;
  };

  const gather = (bytes: Buffer): void => {
    piecesBytes += bytes.byteLength;
    if (string === 'picture' && piecesBytes > mostCharacters) pieces = [];
    else if (string === 'picture' || piecesBytes <= 64) pieces.push(bytes);
  };

  return {
    add(chunk) {
      const done: (Buffer | undefined)[] = [];
      let from = 0;
      let at = 0;
      while (at < chunk.byteLength) {
        if (string === 'none') {
          const byte = chunk[at] ?? 0;
          at += 1;
          if (byte !== quote) {
            structure(byte);
            continue;
          }
          string = isPictureNext() ? 'picture' : 'text';
          pieces = [];
          piecesBytes = 0;
          if (string === 'picture') {
            if (pictures >= limits.imagesPerBatch) throw tooMany('images', limits.imagesPerBatch);
            keepRest(chunk.subarray(from, at - 1));
            from = at;
          }
          continue;
        }
        const end = endOfString(chunk, at, isEscaped);
        gather(chunk.subarray(at, end.at));
        isEscaped = end.isEscaped;
        at = end.at;
        if (!end.isEnd) break;
        if (string === 'picture') {
          done.push(endPicture());
          from = at + 1;
        } else endText();
        string = 'none';
        at += 1;
      }
      if (string !== 'picture') keepRest(chunk.subarray(from));
      return done;
    },
    end() {
      try {
        return JSON.parse(
          Buffer.concat(rest)
            .toString('utf8')
            .replace(/^\uFEFF/, ''),
        );
      } catch {
        throw badRequest('BadRequestImageBatch', 'The body is not JSON.');
      }
    },
  };
}

/** Where the string's quote is, or the chunk's end, which may lie behind a backslash. */
function endOfString(
  chunk: Buffer,
  from: number,
  isEscaped: boolean,
): { readonly at: number; readonly isEnd: boolean; readonly isEscaped: boolean } {
  let at = isEscaped ? from + 1 : from;
  let end = -1;
  for (;;) {
    if (end < at) {
      const found = chunk.indexOf(quote, at);
      end = found < 0 ? chunk.byteLength : found;
    }
    const escape = chunk.subarray(at, end).indexOf(backslash);
    if (escape < 0) return { at: end, isEnd: end < chunk.byteLength, isEscaped: false };
    at += escape + 2;
    if (at > chunk.byteLength) return { at: chunk.byteLength, isEnd: false, isEscaped: true };
  }
}

function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    throw badRequest('BadRequestImageBatch', 'The body is not JSON.');
  }
}
