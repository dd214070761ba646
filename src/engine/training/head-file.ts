import { z } from 'zod';

import { decodeFloat16, encodeFloat16 } from '../model/float16.ts';
import type { Head } from './head.ts';
import type { Matrix } from './matrix.ts';

/** A head that cannot be used here; the message says what to do. */
export class HeadError extends Error {
  override readonly name = 'HeadError';
}

const magic = 'FLHD';
const version = 2;
const prefixBytes = 12;

const headerSchema = z.object({
  backboneId: z.string(),
  featureCount: z.int().positive(),
  tags: z.array(
    z.object({ id: z.string(), name: z.string(), type: z.enum(['Regular', 'Negative']) }),
  ),
  rank: z.int().nonnegative(),
  referenceTags: z.array(z.int().nonnegative()),
  floor: z.number(),
  scale: z.number(),
  temperature: z.number(),
  gates: z.array(z.object({ threshold: z.number(), width: z.number() })),
});

type Header = z.infer<typeof headerSchema>;

/**
 * Layout, little-endian: `FLHD`, version and header length as uint32, the header as JSON padded with
 * spaces to 4 bytes; then float32 mean, whitening and classifier, then float16 basis and references.
 */
export function writeHead(head: Head): Buffer {
  const header: Header = {
    backboneId: head.backboneId,
    featureCount: head.featureCount,
    tags: head.tags.map(({ id, name, type }) => ({ id, name, type })),
    rank: head.space.basis.rows,
    referenceTags: [...head.referenceTags],
    floor: head.space.floor,
    scale: head.space.scale,
    temperature: head.temperature,
    gates: head.gates.map(({ threshold, width }) => ({ threshold, width })),
  };
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([json, Buffer.alloc((4 - (json.length % 4)) % 4, ' ')]);
  const prefix = Buffer.alloc(prefixBytes);
  prefix.write(magic, 'latin1');
  prefix.writeUInt32LE(version, 4);
  prefix.writeUInt32LE(padded.length, 8);
  const parts = [
    head.space.mean,
    head.space.whitening.values,
    head.model.weights.values,
    encodeFloat16(head.space.basis.values),
    encodeFloat16(head.references.values),
  ];
  return Buffer.concat([
    prefix,
    padded,
    ...parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength)),
  ]);
}

/** @throws HeadError where the file is damaged, newer, or made for another backbone. */
export function readHead(file: Uint8Array, backboneId: string): Head {
  // A copy starts at an aligned address, which the typed arrays below need.
  const bytes = Uint8Array.from(file);
  const view = new DataView(bytes.buffer);
  if (bytes.length < prefixBytes || Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== magic) {
    throw new HeadError('The trained head is damaged. Train the project again.');
  }
  const found = view.getUint32(4, true);
  if (found !== version) {
    throw new HeadError(
      `The trained head has format ${found}; this version reads format ${version}. ` +
        'Update the engine, or train the project again.',
    );
  }
  const headerBytes = view.getUint32(8, true);
  const header = readHeader(bytes.subarray(prefixBytes, prefixBytes + headerBytes));
  if (header.backboneId !== backboneId) {
    throw new HeadError(
      `The head was trained on the model "${header.backboneId}", but the engine runs ` +
        `"${backboneId}". Train the project again.`,
    );
  }

  const { featureCount, rank, referenceTags, tags } = header;
  const references = referenceTags.length;
  const floats = featureCount + rank * rank + tags.length * (rank + 1);
  const halves = rank * featureCount + references * rank;
  let offset = prefixBytes + headerBytes;
  if (bytes.length !== offset + floats * 4 + halves * 2) {
    throw new HeadError('The trained head is damaged. Train the project again.');
  }
  const takeFloats = (count: number): Float32Array => {
    const values = new Float32Array(bytes.buffer, offset, count);
    offset += count * 4;
    return values;
  };
  const takeHalves = (rows: number, columns: number): Matrix => {
    const values = decodeFloat16(new Uint16Array(bytes.buffer, offset, rows * columns));
    offset += rows * columns * 2;
    return { rows, columns, values };
  };
  const mean = takeFloats(featureCount);
  const whitening = { rows: rank, columns: rank, values: takeFloats(rank * rank) };
  const weights = {
    rows: tags.length,
    columns: rank + 1,
    values: takeFloats(tags.length * (rank + 1)),
  };
  const basis = takeHalves(rank, featureCount);
  return {
    backboneId,
    featureCount,
    tags,
    space: { mean, basis, whitening, floor: header.floor, scale: header.scale },
    model: { classes: tags.length, weights },
    temperature: header.temperature,
    gates: header.gates,
    references: takeHalves(references, rank),
    referenceTags,
  };
}

function readHeader(json: Uint8Array): Header {
  try {
    const header = headerSchema.parse(JSON.parse(Buffer.from(json).toString('utf8')));
    const { tags, gates, referenceTags } = header;
    if (gates.length === tags.length && referenceTags.every((tag) => tag < tags.length)) {
      return header;
    }
  } catch (error) {
    throw new HeadError('The trained head is damaged. Train the project again.', { cause: error });
  }
  throw new HeadError('The trained head is damaged. Train the project again.');
}
