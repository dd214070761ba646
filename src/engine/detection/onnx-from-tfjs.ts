import { createGraphBuilder } from '../model/graph-builder.ts';
import type { GraphBuilder } from '../model/graph-builder.ts';
import { inputField, modelFile, opsetField, outputField } from '../model/onnx.ts';
import type { Chunk } from '../model/onnx.ts';
import { numbersOf, textOf } from './tfjs-model.ts';
import type { TfjsModel, TfjsNode } from './tfjs-model.ts';

export interface ConversionTask {
  readonly model: TfjsModel;
  /** Names of the tensors to give; what only others need is left out. */
  readonly outputs: readonly string[];
  readonly doc: string;
}

/** Where Cast, Pad with inputs and Resize by half pixels all are as they still are. */
const opset = 13;
const irVersion = 7;

interface Conversion {
  readonly graph: GraphBuilder;
  /** Of each tensor that is there already. */
  readonly shapes: Map<string, readonly number[]>;
  /** The numbers of a constant. @throws Error where it is none. */
  readonly numbers: (name: string) => readonly number[];
  /** What a tensor's shape is. @throws Error where it was not made. */
  readonly shape: (name: string) => readonly number[];
  /** The same tensor, as a constant where it is one. */
  readonly tensor: (name: string) => string;
}

/** Adds what does the node's work, under its name, and gives the shape of what comes out. */
type Convert = (node: TfjsNode, conversion: Conversion) => readonly number[];

/**
 * The part of a TensorFlow.js graph that leads to the outputs, as an ONNX model with weights of 16
 * bits; every tensor keeps its name and its layout. The file comes in chunks to be written one after
 * the other. @throws Error that names an operator which is not known.
 */
export function onnxFromTfjs({ model, outputs, doc }: ConversionTask): readonly Chunk[] {
  const conversion = conversionOf(model);
  const { graph, shapes } = conversion;
  const inputs: Chunk[] = [];
  for (const node of neededNodes(model, outputs)) {
    if (node.op === 'Const') continue;
    if (node.op === 'Placeholder') {
      const dims = node.attributes['shape']?.shape?.dim.map(({ size }) => size) ?? [];
      shapes.set(node.name, dims);
      inputs.push(inputField({ name: node.name, dims }));
      continue;
    }
    const convert = converters[node.op];
    if (!convert) throw new Error(`"${node.name}" does ${node.op}, which cannot be converted.`);
    shapes.set(node.name, convert(node, conversion));
  }
  return modelFile({
    irVersion,
    opsets: [opsetField(opset)],
    graphName: 'detector',
    doc,
    metadata: {},
    graph: [
      ...graph.parts,
      ...inputs,
      ...outputs.map((name) => outputField({ name, dims: conversion.shape(name) })),
    ],
  });
}

function neededNodes({ nodes }: TfjsModel, outputs: readonly string[]): readonly TfjsNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const needed = new Set<TfjsNode>();
  const want = (name: string): void => {
    const node = byName.get(name);
    if (!node) throw new Error(`The graph has no "${name}".`);
    if (needed.has(node)) return;
    node.inputs.forEach(want);
    // After what it needs, which is the order that ONNX asks for.
    needed.add(node);
  };
  outputs.forEach(want);
  return [...needed];
}

function conversionOf({ weights }: TfjsModel): Conversion {
  const graph = createGraphBuilder('');
  const shapes = new Map<string, readonly number[]>();
  const constants = new Map<string, string>();
  const weight = (name: string) => {
    const found = weights.get(name);
    if (!found) throw new Error(`"${name}" is no constant.`);
    return found;
  };
  return {
    graph,
    shapes,
    numbers: (name) => Array.from(weight(name).values),
    shape(name) {
      const shape = shapes.get(name) ?? weights.get(name)?.shape;
      if (!shape) throw new Error(`The graph uses "${name}" before it is there.`);
      return shape;
    },
    tensor(name) {
      const found = weights.get(name);
      if (!found) return name;
      const made = constants.get(name) ?? graph.halves(name, found.shape, found.values);
      constants.set(name, made);
      return made;
    },
  };
}

const toChannelsFirst = [0, 3, 1, 2];
const toChannelsLast = [0, 2, 3, 1];

/** What ONNX does with channels first only; its runtime takes needless turns out again. */
function channelsFirst(
  { name }: TfjsNode,
  { graph, tensor }: Conversion,
  input: string,
  work: (turned: string) => string,
): void {
  const turned = graph.node(`${name}: turned`, 'Transpose', [tensor(input)], {
    integers: { perm: toChannelsFirst },
  });
  graph.node(name, 'Transpose', [work(turned)], { integers: { perm: toChannelsLast } });
}

const pad: Convert = ({ name, inputs }, { graph, numbers, shape, tensor }) => {
  const [input = '', paddings = '', value] = inputs;
  const pairs = numbers(paddings);
  const befores = pairs.filter((_, index) => index % 2 === 0);
  const afters = pairs.filter((_, index) => index % 2 === 1);
  graph.node(name, 'Pad', [
    tensor(input),
    graph.constant(`${name}: pads`, {
      dims: [pairs.length],
      values: [...befores, ...afters],
      type: 'int64',
    }),
    graph.constant(`${name}: value`, {
      dims: [],
      values: [value === undefined ? 0 : (numbers(value)[0] ?? 0)],
    }),
  ]);
  return shape(input).map((side, axis) => side + befores[axis]! + afters[axis]!);
};

const add: Convert = ({ name, inputs }, { graph, shape, tensor }) => {
  const [a = '', b = ''] = inputs;
  graph.node(name, 'Add', [tensor(a), tensor(b)]);
  return shape(a).length >= shape(b).length ? shape(a) : shape(b);
};

/** How many places a window has along a side. */
function places(side: number, window: number, stride: number): number {
  return Math.floor((side - window) / stride) + 1;
}

function refuseOther(node: TfjsNode): void {
  const padding = textOf(node.attributes['padding']);
  if (padding !== 'VALID') throw new Error(`"${node.name}" pads by ${padding}, not by itself.`);
  const layout = textOf(node.attributes['data_format']);
  if (layout !== 'NHWC') throw new Error(`"${node.name}" has the layout ${layout}.`);
}

/** The operators of the detector's graph. */
const converters: Readonly<Record<string, Convert>> = {
  Transpose({ name, inputs }, { graph, numbers, shape, tensor }) {
    const [input = '', order = ''] = inputs;
    const perm = numbers(order);
    graph.node(name, 'Transpose', [tensor(input)], { integers: { perm } });
    return perm.map((axis) => shape(input)[axis]!);
  },
  Pad: pad,
  PadV2: pad,
  Add: add,
  AddV2: add,
  LeakyRelu({ name, inputs, attributes }, { graph, shape, tensor }) {
    const [input = ''] = inputs;
    const alpha = attributes['alpha']?.f ?? 0.2;
    graph.node(name, 'LeakyRelu', [tensor(input)], { floats: { alpha } });
    return shape(input);
  },
  ConcatV2({ name, inputs }, { graph, numbers, shape, tensor }) {
    const parts = inputs.slice(0, -1);
    const shapes = parts.map(shape);
    const rank = shapes[0]?.length ?? 0;
    const axis = ((numbers(inputs.at(-1) ?? '')[0] ?? 0) + rank) % rank;
    graph.node(name, 'Concat', parts.map(tensor), { integers: { axis } });
    return shapes[0]!.map((side, at) =>
      at === axis ? shapes.reduce((sum, each) => sum + each[axis]!, 0) : side,
    );
  },
  Conv2D(node, conversion) {
    refuseOther(node);
    const { graph, numbers, shape } = conversion;
    const [input = '', kernel = ''] = node.inputs;
    const [high = 0, wide = 0, channels = 0, filters = 0] = shape(kernel);
    const [, down = 1, right = 1] = numbersOf(node.attributes['strides']);
    const weights = graph.halves(
      `${node.name}: kernel`,
      [filters, channels, high, wide],
      filtersFirst(numbers(kernel), high * wide * channels, filters, channels),
    );
    channelsFirst(node, conversion, input, (turned) =>
      graph.node(`${node.name}: turned back`, 'Conv', [turned, weights], {
        integers: {
          strides: [down, right],
          dilations: numbersOf(node.attributes['dilations']).slice(1, 3),
        },
      }),
    );
    const [count = 1, height = 0, width = 0] = shape(input);
    return [count, places(height, high, down), places(width, wide, right), filters];
  },
  MaxPool(node, conversion) {
    refuseOther(node);
    const [input = ''] = node.inputs;
    const [, high = 1, wide = 1] = numbersOf(node.attributes['ksize']);
    const [, down = 1, right = 1] = numbersOf(node.attributes['strides']);
    channelsFirst(node, conversion, input, (turned) =>
      conversion.graph.node(`${node.name}: most`, 'MaxPool', [turned], {
        integers: { kernel_shape: [high, wide], strides: [down, right] },
      }),
    );
    const [count = 1, height = 0, width = 0, channels = 0] = conversion.shape(input);
    return [count, places(height, high, down), places(width, wide, right), channels];
  },
  ResizeBilinear(node, conversion) {
    const { graph, numbers, shape } = conversion;
    const [input = '', size = ''] = node.inputs;
    const [count = 1, height = 1, width = 1, channels = 0] = shape(input);
    const [high = 1, wide = 1] = numbers(size);
    if (!node.attributes['half_pixel_centers']?.b) {
      throw new Error(`"${node.name}" resizes in a way that cannot be converted.`);
    }
    const scales = graph.constant(`${node.name}: scales`, {
      dims: [4],
      values: [1, 1, high / height, wide / width],
    });
    channelsFirst(node, conversion, input, (turned) =>
      graph.node(`${node.name}: resized`, 'Resize', [turned, '', scales], {
        texts: { mode: 'linear', coordinate_transformation_mode: 'half_pixel' },
      }),
    );
    return [count, high, wide, channels];
  },
};

/** From [height, width, channels, filters], as TensorFlow has it, to ONNX's filters first. */
function filtersFirst(
  values: readonly number[],
  each: number,
  filters: number,
  channels: number,
): Float32Array {
  const turned = new Float32Array(values.length);
  const cells = each / channels;
  for (let cell = 0; cell < cells; cell += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      for (let filter = 0; filter < filters; filter += 1) {
        turned[(filter * channels + channel) * cells + cell] =
          values[(cell * channels + channel) * filters + filter]!;
      }
    }
  }
  return turned;
}
