import { limits } from '../domain/limits.ts';

export interface Part {
  /** Undefined where the part does not say. */
  readonly name: string | undefined;
  readonly bytes: Buffer;
}

const crlf = Buffer.from('\r\n');
const headerEnd = Buffer.from('\r\n\r\n');

/** The boundary that a Content-Type names; undefined where it names none that RFC 2046 allows. */
export function boundaryOf(contentType: string): string | undefined {
  const match = /;\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))(?:[\s;]|$)/i.exec(contentType);
  return match?.[1] ?? match?.[2];
}

/** The parts of a whole multipart/form-data body (RFC 7578), or undefined where it is malformed. */
export function parseMultipart(body: Buffer, boundary: string): Part[] | undefined {
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  const first = delimiter.subarray(crlf.length);
  let at: number;
  if (body.subarray(0, first.length).equals(first)) {
    at = first.length;
  } else {
    const preamble = body.indexOf(delimiter);
    if (preamble < 0) return undefined;
    at = preamble + delimiter.length;
  }

  const parts: Part[] = [];
  for (;;) {
    if (body.subarray(at, at + 2).toString('latin1') === '--') return parts;
    const lineEnd = body.indexOf(crlf, at);
    // RFC 2046 lets blanks stand between a boundary and its line's end.
    if (lineEnd < 0 || body.subarray(at, lineEnd).toString('latin1').trim() !== '') {
      return undefined;
    }
    const part = readPart(body, lineEnd, delimiter);
    if (!part || parts.length >= limits.multipartParts) return undefined;
    parts.push({ name: part.name, bytes: part.bytes });
    at = part.end + delimiter.length;
  }
}

function readPart(
  body: Buffer,
  lineEnd: number,
  delimiter: Buffer,
): (Part & { end: number }) | undefined {
  // Searched from the line's own end, so that a part without any header is found too.
  const headersEnd = body.indexOf(headerEnd, lineEnd);
  if (headersEnd < 0 || headersEnd - lineEnd > limits.multipartPartHeaderBytes) return undefined;
  const end = body.indexOf(delimiter, headersEnd + crlf.length);
  if (end < 0) return undefined;
  const headers = body.subarray(lineEnd, headersEnd).toString('utf8');
  const start = headersEnd + headerEnd.length;
  return { name: partName(headers), bytes: body.subarray(start, Math.max(start, end)), end };
}

function partName(headers: string): string | undefined {
  const disposition = headers
    .split('\r\n')
    .find((line) => line.toLowerCase().startsWith('content-disposition:'));
  const match = /;\s*name=(?:"([^"]*)"|([^\s;]+))/i.exec(disposition ?? '');
  return match?.[1] ?? match?.[2];
}

/** The picture among the parts: the field `imageData`, or else the only part there is. */
export function picturePart(parts: readonly Part[]): Buffer | undefined {
  const named = parts.find((part) => part.name?.toLowerCase() === 'imagedata');
  return (named ?? (parts.length === 1 ? parts[0] : undefined))?.bytes;
}
