import { limits } from '../../domain/limits.ts';
import { serviceErrors } from '../../domain/service-error.ts';

export interface StreamedPart {
  readonly fileName: string | undefined;
  /** Undefined where the part is larger than allowed. */
  readonly bytes: Buffer | undefined;
}

const crlf = Buffer.from('\r\n');
const headerEnd = Buffer.from('\r\n\r\n');
const blanksBytes = 1024;

/**
 * The parts of a multipart/form-data body (RFC 7578) as they come in, so that of a large body only
 * one part is in memory.
 * @throws ServiceError where it is malformed.
 */
export async function* readParts(
  chunks: AsyncIterable<Buffer>,
  boundary: string,
  partBytes: number,
): AsyncGenerator<StreamedPart> {
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  const input = createInput(chunks);
  try {
    yield* partsOf(input, delimiter, partBytes);
  } finally {
    await input.close();
  }
}

async function* partsOf(
  input: Input,
  delimiter: Buffer,
  partBytes: number,
): AsyncGenerator<StreamedPart> {
  // The first boundary need not begin on a new line.
  input.add(crlf);
  if ((await input.upTo(delimiter, limits.multipartPartHeaderBytes)) === undefined) {
    throw serviceErrors.badMultipart();
  }
  for (;;) {
    if ((await input.take(2)).toString('latin1') === '--') return;
    input.putBack(2);
    // RFC 2046 lets blanks stand between a boundary and its line's end.
    const blanks = await input.upTo(crlf, blanksBytes);
    if (blanks === undefined || blanks.toString('latin1').trim() !== '') {
      throw serviceErrors.badMultipart();
    }
    // Put back, so that a part without any header is found too.
    input.putBack(crlf.length);
    const headers = await input.upTo(headerEnd, limits.multipartPartHeaderBytes);
    if (headers === undefined) throw serviceErrors.badMultipart();
    input.putBack(crlf.length);
    const bytes = await input.upTo(delimiter, partBytes + crlf.length);
    yield { fileName: fileNameOf(headers.toString('utf8')), bytes: bytes?.subarray(crlf.length) };
  }
}

function fileNameOf(headers: string): string | undefined {
  const disposition = headers
    .split('\r\n')
    .find((line) => line.toLowerCase().startsWith('content-disposition:'));
  const match = /;\s*filename=(?:"([^"]*)"|([^\s;]+))/i.exec(disposition ?? '');
  return match?.[1] ?? match?.[2];
}

interface Input {
  readonly add: (chunk: Uint8Array) => void;
  /**
   * What comes before the pattern, and passes both; undefined where it is more than `mostBytes`,
   * and then it passes that too. @throws ServiceError where the input ends before.
   */
  readonly upTo: (pattern: Buffer, mostBytes: number) => Promise<Buffer | undefined>;
  readonly take: (byteLength: number) => Promise<Buffer>;
  /** Makes the last bytes that were passed come again. */
  readonly putBack: (byteLength: number) => void;
  readonly close: () => Promise<unknown>;
}

function createInput(chunks: AsyncIterable<Buffer>): Input {
  const source = chunks[Symbol.asyncIterator]();
  let store = Buffer.allocUnsafe(128 * 1024);
  let start = 0;
  let end = 0;

  const add = (chunk: Uint8Array): void => {
    if (end + chunk.byteLength > store.byteLength) {
      const needed = end - start + chunk.byteLength;
      // Doubled, so that a part of many chunks is moved only a few times.
      const next = needed * 2 > store.byteLength ? Buffer.allocUnsafe(needed * 2) : store;
      store.copy(next, 0, start, end);
      store = next;
      end -= start;
      start = 0;
    }
    store.set(chunk, end);
    end += chunk.byteLength;
  };

  const more = async (): Promise<void> => {
    const next = await source.next();
    if (next.done) throw serviceErrors.badMultipart();
    add(next.value);
  };

  return {
    add,
    async upTo(pattern, mostBytes) {
      let searched = 0;
      let isTooLong = false;
      for (;;) {
        const found = store.subarray(start, end).indexOf(pattern, searched);
        if (found >= 0) {
          const bytes = store.subarray(start, start + found);
          start += found + pattern.byteLength;
          return isTooLong || found > mostBytes ? undefined : Buffer.from(bytes);
        }
        searched = Math.max(0, end - start - pattern.byteLength + 1);
        if (searched > mostBytes) {
          isTooLong = true;
          start += searched;
          searched = 0;
        }
        await more();
      }
    },
    async take(byteLength) {
      while (end - start < byteLength) await more();
      start += byteLength;
      return Buffer.from(store.subarray(start - byteLength, start));
    },
    putBack(byteLength) {
      start -= byteLength;
    },
    close: async () => source.return?.(),
  };
}
