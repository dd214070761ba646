import { z } from 'zod';

import { decodeFloat16 } from '../../shared/float16.ts';

const attributeSchema = z.object({
  b: z.boolean().optional(),
  f: z.number().optional(),
  s: z.base64().optional(),
  shape: z.object({ dim: z.array(z.object({ size: z.coerce.number() })).default([]) }).optional(),
  list: z.object({ i: z.array(z.coerce.number()).optional() }).optional(),
});

const modelSchema = z.object({
  format: z.literal('graph-model'),
  modelTopology: z.object({
    node: z.array(
      z.object({
        name: z.string(),
        op: z.string(),
        input: z.array(z.string()).default([]),
        attr: z.record(z.string(), attributeSchema).default({}),
      }),
    ),
  }),
  weightsManifest: z
    .array(
      z.object({
        weights: z.array(
          z.object({
            name: z.string(),
            shape: z.array(z.int().nonnegative()),
            dtype: z.enum(['float32', 'int32']),
            quantization: z.object({ dtype: z.literal('float16') }).optional(),
          }),
        ),
      }),
    )
    .length(1),
});

export type TfjsAttribute = z.infer<typeof attributeSchema>;

export interface TfjsNode {
  readonly name: string;
  readonly op: string;
  /** Names of tensors, with the output's number where it is not the first. */
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, TfjsAttribute>>;
}

export interface TfjsWeight {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

/** A graph model of TensorFlow.js; nodes come before those that use them. */
export interface TfjsModel {
  readonly nodes: readonly TfjsNode[];
  readonly weights: ReadonlyMap<string, TfjsWeight>;
}

/** `json` and `weights` as they lie beside each other. @throws Error that says what is wrong. */
export function readTfjsModel(json: string, weights: Uint8Array): TfjsModel {
  const { modelTopology, weightsManifest } = modelSchema.parse(JSON.parse(json));
  const found = new Map<string, TfjsWeight>();
  let offset = 0;
  for (const { name, shape, dtype, quantization } of weightsManifest[0]?.weights ?? []) {
    const count = shape.reduce((product, side) => product * side, 1);
    const bytes = count * (quantization ? 2 : 4);
    // A copy starts at an aligned address, which typed arrays need.
    const { buffer } = Uint8Array.from(weights.subarray(offset, offset + bytes));
    if (buffer.byteLength < bytes) throw new Error(`The weights end before "${name}" does.`);
    found.set(name, {
      shape,
      values: quantization
        ? decodeFloat16(new Uint16Array(buffer))
        : dtype === 'int32'
          ? new Int32Array(buffer)
          : new Float32Array(buffer),
    });
    offset += bytes;
  }
  if (offset !== weights.byteLength)
    throw new Error('The weights are longer than they are said to be.');
  return {
    nodes: modelTopology.node.map(({ name, op, input, attr }) => ({
      name,
      op,
      // What begins so only says what must run before.
      inputs: input.filter((one) => !one.startsWith('^')).map((one) => one.replace(/:0$/, '')),
      attributes: attr,
    })),
    weights: found,
  };
}

export function textOf({ s = '' }: TfjsAttribute = {}): string {
  return Buffer.from(s, 'base64').toString('utf8');
}

export function numbersOf({ list }: TfjsAttribute = {}): readonly number[] {
  return list?.i ?? [];
}
