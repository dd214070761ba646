import { readFile, stat } from 'node:fs/promises';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { readPictureHeader } from '../../shared/picture-header.ts';
import { largestPictureBytes } from '../recognition/custom-vision-client.ts';

type PictureToSend =
  | { readonly kind: 'picture'; readonly bytes: Uint8Array; readonly scaledDown: boolean }
  /** The message continues a sentence that begins with the file. */
  | { readonly kind: 'problem'; readonly message: string };

/** The service's own limit for the longer side. */
const largestSide = 10_240;
/** No model looks at more; at this size a JPEG stays far under 4 MB. */
const scaledSide = 2048;
const jpegQuality = 90;
/** A decoded picture takes four bytes a pixel. */
const mostMegapixels = 200;
const largestFileBytes = 200 * 1024 * 1024;

/** Reads a picture file; what is over the service's limits is scaled down to a JPEG. */
export async function readPictureToSend(path: string): Promise<PictureToSend> {
  let bytes: Buffer;
  try {
    const found = await stat(path);
    if (found.isDirectory()) return problem('is a folder: name the pictures in it');
    if (!found.isFile()) return problem('is not a file');
    if (found.size > largestFileBytes) return problem('is over 200 MB: too large to scale down');
    bytes = await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return problem('does not exist');
    if (code === 'EACCES' || code === 'EPERM') return problem('may not be read by this user');
    return problem(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (bytes.length === 0) return problem('is empty (0 bytes)');
  const header = readPictureHeader(bytes);
  if (header === undefined) return problem(notTaken(bytes));
  const { width, height } = header;
  const format = header.format.toUpperCase();
  if (width === 0 || height === 0) return problem(`is a damaged ${format}: it has no size`);
  if (bytes.length <= largestPictureBytes && Math.max(width, height) <= largestSide) {
    return { kind: 'picture', bytes, scaledDown: false };
  }
  const megapixels = Math.round((width * height) / 1_000_000);
  if (megapixels > mostMegapixels) {
    return problem(`has ${megapixels} megapixels, over ${mostMegapixels}: too many to scale down`);
  }
  try {
    return { kind: 'picture', bytes: await scaleDown(bytes), scaledDown: true };
  } catch {
    return problem(`is a damaged ${format}: it cannot be decoded`);
  }
}

async function scaleDown(bytes: Buffer): Promise<Uint8Array> {
  const image = await loadImage(bytes);
  const scale = Math.min(1, scaledSide / Math.max(image.width, image.height));
  const canvas = createCanvas(
    Math.max(1, Math.round(image.width * scale)),
    Math.max(1, Math.round(image.height * scale)),
  );
  const context = canvas.getContext('2d');
  // JPEG knows no transparency and would show it black.
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.encode('jpeg', jpegQuality);
}

function notTaken(bytes: Buffer): string {
  const start = bytes.toString('latin1', 0, 16);
  const known = otherFormats.find(({ pattern }) => pattern.test(start));
  return known
    ? `is ${known.name}, which Custom Vision does not take: save it as JPEG or PNG`
    : 'is not a picture (JPEG, PNG, GIF or BMP), or breaks off too early';
}

const otherFormats = [
  { pattern: /^RIFF[^]{4}WEBP/, name: 'a WebP picture' },
  { pattern: /^[^]{4}ftyp(heic|heix|mif1|msf1)/, name: 'a HEIC picture' },
  { pattern: /^[^]{4}ftypavif/, name: 'an AVIF picture' },
  { pattern: /^(II\*\0|MM\0\*)/, name: 'a TIFF picture' },
  { pattern: /^%PDF/, name: 'a PDF' },
] as const;

function problem(message: string): PictureToSend {
  return { kind: 'problem', message };
}
