import { z } from 'zod';

import { decodeFloat16, encodeFloat16 } from '../model/float16.ts';
import type { Head, MulticlassHead } from './head.ts';
import { createMatrix } from './matrix.ts';
import type { Matrix } from './matrix.ts';

/** A head that cannot be used here; the message says what to do. */
export class HeadError extends Error {
  override readonly name = 'HeadError';
}

const magic = 'FLHD';
/** Version 2 knew no kinds: all of its heads are multiclass. */
const version = 3;
const readable = [2, version];
const prefixBytes = 12;

const headerSchema = z.object({
  kind: z.enum(['multiclass', 'multilabel']).default('multiclass'),
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
  calibrations: z.array(z.object({ slope: z.number(), offset: z.number() })).default([]),
});

type Header = z.infer<typeof headerSchema>;

const noGates: Pick<MulticlassHead, 'temperature' | 'gates' | 'references' | 'referenceTags'> = {
  temperature: 1,
  gates: [],
  references: createMatrix(0, 0),
  referenceTags: [],
};

/**
 * Layout, little-endian: `FLHD`, version and header length as uint32, the header as JSON padded with
 * spaces to 4 bytes; then float32 mean, whitening and classifier, then float16 basis and references.
 */
export function writeHead(head: Head): Buffer {
  const { temperature, gates, references, referenceTags } =
    head.kind === 'multiclass' ? head : noGates;
  const header: Header = {
    kind: head.kind,
    backboneId: head.backboneId,
    featureCount: head.featureCount,
    tags: head.tags.map(({ id, name, type }) => ({ id, name, type })),
    rank: head.space.basis.rows,
    referenceTags: [...referenceTags],
    floor: head.space.floor,
    scale: head.space.scale,
    temperature,
    gates: gates.map(({ threshold, width }) => ({ threshold, width })),
    calibrations: head.kind === 'multilabel' ? [...head.calibrations] : [],
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
    encodeFloat16(references.values),
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
  if (!readable.includes(found)) {
    throw new HeadError(
      found > version
        ? `The trained head has format ${found}; this version reads up to ${version}. ` +
            'Update the engine, or train the project again.'
        : `The trained head has format ${found}, which is too old for this version. ` +
            'Train the project again.',
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
  const common = {
    backboneId,
    featureCount,
    tags,
    space: { mean, basis, whitening, floor: header.floor, scale: header.scale },
    model: { classes: tags.length, weights },
  };
  const { kind, temperature, gates, calibrations } = header;
  if (kind === 'multilabel') return { kind, ...common, calibrations };
  return {
    kind,
    ...common,
    temperature,
    gates,
    references: takeHalves(references, rank),
    referenceTags,
  };
}

function readHeader(json: Uint8Array): Header {
  try {
    const header = headerSchema.parse(JSON.parse(Buffer.from(json).toString('utf8')));
    const { kind, tags, gates, calibrations, referenceTags } = header;
    const perTag = kind === 'multiclass' ? gates : calibrations;
    if (perTag.length === tags.length && referenceTags.every((tag) => tag < tags.length)) {
      return header;
    }
  } catch (error) {
    throw new HeadError('The trained head is damaged. Train the project again.', { cause: error });
  }
  throw new HeadError('The trained head is damaged. Train the project again.');
}
