import { z } from 'zod';

import { tagTypes } from '../domain/tag-type.ts';
import type { Head, MulticlassHead } from './head.ts';
import { createMatrix } from '../model/matrix.ts';
import type { Matrix } from '../model/matrix.ts';

/** A head that cannot be used here; the message says what to do. */
export class HeadError extends Error {
  override readonly name = 'HeadError';
}

const magic = 'FLHD';
/**
 * The fourth did not tell a GeneralProduct from a Regular tag; older ones compared pictures with each
 * taught photo, in a space of their own.
 */
const version = 5;
const prefixBytes = 12;

/** What every file begins with that can be read here. */
export const headMark: Uint8Array = markOf(version);

// Its names are those of the first heads, and stay: shops have such files.
const headerSchema = z.object({
  kind: z.enum(['multiclass', 'multilabel']),
  backboneId: z.string(),
  featureCount: z.int().positive(),
  tags: z.array(z.object({ id: z.string(), name: z.string(), type: z.enum(tagTypes) })),
  temperature: z.number(),
  faceTags: z.array(z.int().nonnegative()),
  gates: z.array(z.object({ threshold: z.number(), width: z.number() })),
  calibrations: z.array(z.object({ slope: z.number(), offset: z.number() })),
});

type Header = z.infer<typeof headerSchema>;

const multilabelParts: Pick<
  MulticlassHead,
  'temperature' | 'acceptances' | 'prototypes' | 'prototypeTags'
> = {
  temperature: 1,
  acceptances: [],
  prototypes: createMatrix(0, 0),
  prototypeTags: [],
};

/**
 * Layout, little-endian: `FLHD`, version and header length as uint32, the header as JSON padded with
 * spaces to 4 bytes; then in float32 the classifier, and of a multiclass head the prototypes.
 */
export function writeHead(head: Head): Buffer {
  const { temperature, acceptances, prototypes, prototypeTags } =
    head.kind === 'multiclass' ? head : multilabelParts;
  const header: Header = {
    kind: head.kind,
    backboneId: head.backboneId,
    featureCount: head.featureCount,
    tags: head.tags.map(({ id, name, type }) => ({ id, name, type })),
    temperature,
    faceTags: [...prototypeTags],
    gates: acceptances.map(({ threshold, width }) => ({ threshold, width })),
    calibrations: head.kind === 'multilabel' ? [...head.calibrations] : [],
  };
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([json, Buffer.alloc((4 - (json.length % 4)) % 4, ' ')]);
  const prefix = Buffer.alloc(prefixBytes);
  prefix.set(headMark);
  prefix.writeUInt32LE(padded.length, headMark.length);
  const parts = [head.model.weights.values, prototypes.values];
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
  if (
    bytes.length < prefixBytes ||
    Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== magic
  ) {
    throw new HeadError('The trained head is damaged. Train the project again.');
  }
  const found = view.getUint32(4, true);
  if (found !== version) {
    throw new HeadError(
      found > version
        ? `The trained head has format ${found}; this version reads ${version}. ` +
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

  const { kind, featureCount, tags, temperature, calibrations } = header;
  const { gates: acceptances, faceTags: prototypeTags } = header;
  const weightsAt = prefixBytes + headerBytes;
  const prototypesAt = weightsAt + 4 * tags.length * (featureCount + 1);
  if (bytes.length !== prototypesAt + 4 * prototypeTags.length * featureCount) {
    throw new HeadError('The trained head is damaged. Train the project again.');
  }
  const matrixAt = (offset: number, rows: number, columns: number): Matrix => ({
    rows,
    columns,
    values: new Float32Array(bytes.buffer, offset, rows * columns),
  });
  const weights = matrixAt(weightsAt, tags.length, featureCount + 1);
  const common = { backboneId, featureCount, tags, model: { classes: tags.length, weights } };
  if (kind === 'multilabel') return { kind, ...common, calibrations };
  const prototypes = matrixAt(prototypesAt, prototypeTags.length, featureCount);
  return { kind, ...common, temperature, acceptances, prototypes, prototypeTags };
}

function readHeader(json: Uint8Array): Header {
  try {
    const header = headerSchema.parse(JSON.parse(Buffer.from(json).toString('utf8')));
    const { kind, tags, gates, calibrations, faceTags } = header;
    const perTag = kind === 'multiclass' ? gates : calibrations;
    if (perTag.length === tags.length && faceTags.every((tag) => tag < tags.length)) return header;
  } catch (error) {
    throw new HeadError('The trained head is damaged. Train the project again.', { cause: error });
  }
  throw new HeadError('The trained head is damaged. Train the project again.');
}

function markOf(format: number): Buffer {
  const mark = Buffer.from(`${magic}\0\0\0\0`, 'latin1');
  mark.writeUInt32LE(format, magic.length);
  return mark;
}
