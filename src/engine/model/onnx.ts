import { PbfReader, PbfWriter } from 'pbf';

import { encodeFloat16 } from '../../shared/float16.ts';

/** Numbers of the fields that are used here: onnx.proto of ONNX 1.8, which has since kept them. */
const fields = {
  model: {
    irVersion: 1,
    producer: 2,
    producerVersion: 3,
    doc: 6,
    graph: 7,
    opset: 8,
    metadata: 14,
  },
  opset: { domain: 1, version: 2 },
  entry: { key: 1, value: 2 },
  graph: { node: 1, name: 2, initializer: 5, doc: 10, input: 11, output: 12 },
  node: { input: 1, output: 2, name: 3, op: 4, attribute: 5 },
  attribute: { name: 1, float: 2, integer: 3, text: 4, integers: 8, type: 20 },
  tensor: { dims: 1, type: 2, name: 8, raw: 9 },
  value: { name: 1, type: 2 },
  type: { tensor: 1 },
  tensorType: { element: 1, shape: 2 },
  shape: { dim: 1 },
  dim: { value: 1, name: 2 },
} as const;
const elementTypes = { float32: 1, int64: 7, float16: 10 } as const;
const attributeTypes = { float: 1, integer: 2, text: 3, integers: 7 } as const;

export type Chunk = Uint8Array;

interface NodeOptions {
  readonly op: string;
  readonly inputs: readonly string[];
  /** Names the node too. */
  readonly output: string;
  readonly integers?: Readonly<Record<string, number | readonly number[]>>;
  readonly floats?: Readonly<Record<string, number>>;
  readonly texts?: Readonly<Record<string, string>>;
}

/** A node with one output, as a field of a graph. */
export function nodeField(options: NodeOptions): Chunk {
  const { op, inputs, output, integers = {}, floats = {}, texts = {} } = options;
  return fieldOf(fields.graph.node, (node) => {
    for (const input of inputs) node.writeStringField(fields.node.input, input);
    node.writeStringField(fields.node.output, output);
    node.writeStringField(fields.node.name, output);
    node.writeStringField(fields.node.op, op);
    for (const [name, value] of Object.entries(integers)) {
      if (typeof value === 'number') {
        writeAttribute(node, name, 'integer', (attribute) =>
          attribute.writeVarintField(fields.attribute.integer, value),
        );
      } else {
        writeAttribute(node, name, 'integers', (attribute) => {
          for (const one of value) attribute.writeVarintField(fields.attribute.integers, one);
        });
      }
    }
    for (const [name, value] of Object.entries(floats)) {
      writeAttribute(node, name, 'float', (attribute) =>
        attribute.writeFloatField(fields.attribute.float, value),
      );
    }
    for (const [name, value] of Object.entries(texts)) {
      writeAttribute(node, name, 'text', (attribute) =>
        attribute.writeStringField(fields.attribute.text, value),
      );
    }
  });
}

function writeAttribute(
  node: PbfWriter,
  name: string,
  type: keyof typeof attributeTypes,
  write: (attribute: PbfWriter) => void,
): void {
  node.writeMessage(
    fields.node.attribute,
    (_, attribute) => {
      attribute.writeStringField(fields.attribute.name, name);
      write(attribute);
      attribute.writeVarintField(fields.attribute.type, attributeTypes[type]);
    },
    null,
  );
}

export interface Constant {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: ArrayLike<number>;
  /** `float32` where it is not given. */
  readonly type?: keyof typeof elementTypes;
}

/** An initializer, as fields of a graph. */
export function constantField({ name, dims, values, type = 'float32' }: Constant): Chunk {
  const raw = rawValues(values, type);
  return fieldOf(fields.graph.initializer, (tensor) => {
    for (const dim of dims) tensor.writeVarintField(fields.tensor.dims, dim);
    tensor.writeVarintField(fields.tensor.type, elementTypes[type]);
    tensor.writeStringField(fields.tensor.name, name);
    tensor.writeBytesField(fields.tensor.raw, raw);
  });
}

function rawValues(values: ArrayLike<number>, type: keyof typeof elementTypes): Uint8Array {
  const typed =
    type === 'float32'
      ? Float32Array.from(values)
      : type === 'float16'
        ? encodeFloat16(Float32Array.from(values))
        : BigInt64Array.from(Array.from(values, BigInt));
  return new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength);
}

export interface Port {
  readonly name: string;
  /** A name stands for any number. */
  readonly dims: readonly (number | string)[];
}

export const inputField = (port: Port): Chunk => portField(fields.graph.input, port);
export const outputField = (port: Port): Chunk => portField(fields.graph.output, port);

function portField(field: number, { name, dims }: Port): Chunk {
  return fieldOf(field, (value) => {
    value.writeStringField(fields.value.name, name);
    value.writeMessage(
      fields.value.type,
      (_, type) =>
        type.writeMessage(
          fields.type.tensor,
          (__, tensor) => {
            tensor.writeVarintField(fields.tensorType.element, elementTypes.float32);
            tensor.writeMessage(fields.tensorType.shape, writeShape, dims);
          },
          null,
        ),
      null,
    );
  });
}

function writeShape(dims: Port['dims'], shape: PbfWriter): void {
  for (const dim of dims) {
    shape.writeMessage(
      fields.shape.dim,
      (_, field) => {
        if (typeof dim === 'number') field.writeVarintField(fields.dim.value, dim);
        else field.writeStringField(fields.dim.name, dim);
      },
      null,
    );
  }
}

/** What of a model file is needed to build on it; the chunks are views into it. */
export interface ModelParts {
  readonly irVersion: number;
  readonly opset: number;
  /** Fields of the graph: its nodes and initializers, without its inputs and outputs. */
  readonly body: readonly Chunk[];
  /** All that the model imports, as fields of a model. */
  readonly opsets: readonly Chunk[];
}

/** @throws Error where the file is no ONNX model. */
export function readModel(file: Uint8Array): ModelParts {
  let irVersion = 0;
  let opset = 0;
  const body: Chunk[] = [];
  const opsets: Chunk[] = [];
  eachField(file, (field, chunk, reader) => {
    if (field === fields.model.irVersion) irVersion = reader.readVarint();
    else if (field === fields.model.opset) {
      opsets.push(chunk);
      opset = Math.max(opset, defaultOpset(reader.readBytes()));
    } else if (field === fields.model.graph) body.push(...graphBody(reader.readBytes()));
  });
  if (irVersion === 0 || opset === 0 || body.length === 0) throw new Error('It is no ONNX model.');
  return { irVersion, opset, body, opsets };
}

/** The version of ONNX's own operators; 0 where it is another domain's. */
function defaultOpset(bytes: Uint8Array): number {
  let version = 0;
  let domain = '';
  eachField(bytes, (field, _, reader) => {
    if (field === fields.opset.domain) domain = reader.readString();
    else if (field === fields.opset.version) version = reader.readVarint();
  });
  return domain === '' ? version : 0;
}

function graphBody(graph: Uint8Array): Chunk[] {
  const { node, initializer } = fields.graph;
  const kept: Chunk[] = [];
  eachField(graph, (field, chunk) => {
    if (field === node || field === initializer) kept.push(chunk);
  });
  return kept;
}

function eachField(
  bytes: Uint8Array,
  visit: (field: number, chunk: Chunk, reader: PbfReader) => void,
): void {
  const reader = new PbfReader(bytes);
  let start = 0;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    const value = reader.pos;
    reader.skip(reader.type);
    const end = reader.pos;
    if (end > bytes.length) throw new Error('It ends before its data does.');
    reader.pos = value;
    visit(field, bytes.subarray(start, end), reader);
    reader.pos = end;
    start = end;
  }
}

/** What a new model imports: ONNX's own operators at this version. */
export function opsetField(version: number): Chunk {
  return fieldOf(fields.model.opset, (opset) => {
    opset.writeStringField(fields.opset.domain, '');
    opset.writeVarintField(fields.opset.version, version);
  });
}

export interface NewModel {
  readonly irVersion: number;
  readonly opsets: readonly Chunk[];
  readonly graphName: string;
  readonly doc: string;
  readonly graph: readonly Chunk[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The file, in chunks to be written one after the other. */
export function modelFile({ graph, ...model }: NewModel): Chunk[] {
  const head = new PbfWriter();
  head.writeVarintField(fields.model.irVersion, model.irVersion);
  head.writeStringField(fields.model.producer, 'freshlane');
  head.writeStringField(fields.model.doc, model.doc);
  for (const [key, value] of Object.entries(model.metadata)) {
    head.writeMessage(
      fields.model.metadata,
      (_, entry) => {
        entry.writeStringField(fields.entry.key, key);
        entry.writeStringField(fields.entry.value, value);
      },
      null,
    );
  }
  const name = new PbfWriter();
  name.writeStringField(fields.graph.name, model.graphName);
  const body = [name.finish(), ...graph];
  // A graph is megabytes of weights: its length is written ahead of it, so that none is copied.
  const graphStart = new PbfWriter();
  graphStart.writeTag(fields.model.graph, 2);
  graphStart.writeVarint(body.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  return [head.finish(), ...model.opsets, graphStart.finish(), ...body];
}

function fieldOf(field: number, write: (message: PbfWriter) => void): Chunk {
  const writer = new PbfWriter();
  writer.writeMessage(field, (_, message) => write(message), null);
  return writer.finish();
}
