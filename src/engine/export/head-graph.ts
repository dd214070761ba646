import { setImmediate } from 'node:timers/promises';

import type { Head, HeadTag, MulticlassHead, MultilabelHead } from '../training/head.ts';
import type { Matrix } from '../training/matrix.ts';
import type { Space } from '../training/space.ts';
import { createGraphBuilder } from './graph-builder.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { nodeField } from './onnx.ts';
import type { Chunk } from './onnx.ts';

interface Ends {
  /** Name of the tensor of features, a row for each picture. */
  readonly features: string;
  /** Name of the tensor of probabilities that is made, in the order of the head's tags. */
  readonly probabilities: string;
}

/**
 * `classify` of a head as fields of an ONNX graph. Its operators mean the same in every opset from
 * 9 on, so that they join a backbone of any.
 */
export async function headGraph(head: Head, { features, probabilities }: Ends): Promise<Chunk[]> {
  const graph = createGraphBuilder('head/');
  const finished = (result: string): Chunk[] => [
    ...graph.parts,
    nodeField({ op: 'Identity', inputs: [result], output: probabilities }),
  ];
  const moved = graph.node('moved', 'Sub', [
    normalised(graph, features, head.featureCount),
    graph.row('mean', head.space.mean),
  ]);
  const projection = graph.node('projection', 'MatMul', [
    moved,
    graph.turnedHalves('basis', head.space.basis),
  ]);
  // The large ones are turned one at a time, so that whoever waits for a prediction gets it.
  await setImmediate();
  const scores = scoresOf(graph, head, projection);
  if (head.kind === 'multilabel') return finished(independent(graph, head, scores));
  const heading = headingOf(graph, head, moved, projection);
  await setImmediate();
  return finished(exclusive(graph, head, scores, heading));
}

/** Signed square roots, of length one. */
function normalised(graph: GraphBuilder, features: string, count: number): string {
  const sizes = graph.node('sizes', 'Sqrt', [graph.node('absolute', 'Abs', [features])]);
  const roots = graph.node('roots', 'Mul', [graph.node('signs', 'Sign', [features]), sizes]);
  return ofLengthOne(
    graph,
    'normalised',
    roots,
    graph.squaredLength('roots squared', roots, count),
  );
}

function ofLengthOne(
  graph: GraphBuilder,
  name: string,
  rows: string,
  squaredLength: string,
): string {
  const length = graph.node(`${name}: length`, 'Sqrt', [squaredLength]);
  // A row of nothing but zeros stays one.
  const divisor = graph.node(`${name}: divisor`, 'Max', [
    length,
    graph.number(`${name}: least divisor`, 1e-20),
  ]);
  return graph.node(name, 'Div', [rows, divisor]);
}

function scoresOf(graph: GraphBuilder, { space, model, tags }: Head, projection: string): string {
  const rank = space.basis.rows;
  const { rows, columns, values } = model.weights;
  const weights = new Float32Array(rows * rank);
  const biases = tags.map((_, row) => {
    weights.set(values.subarray(row * columns, row * columns + rank), row * rank);
    return values[row * columns + rank]!;
  });
  const coordinates = graph.node('coordinates', 'Div', [
    projection,
    graph.number('scale', space.scale),
  ]);
  const weighed = graph.node('weighed', 'MatMul', [
    coordinates,
    graph.turned('weights', { rows, columns: rank, values: weights }),
  ]);
  return graph.node('scores', 'Add', [weighed, graph.row('biases', biases)]);
}

function headingOf(
  graph: GraphBuilder,
  { space, featureCount }: { readonly space: Space; readonly featureCount: number },
  moved: string,
  projection: string,
): string {
  const rank = space.basis.rows;
  const whitened = graph.node('whitened', 'MatMul', [
    projection,
    graph.turned('whitening', space.whitening),
  ]);
  const unseen = graph.node('unseen', 'Max', [
    graph.node('beyond the basis', 'Sub', [
      graph.squaredLength('moved squared', moved, featureCount),
      graph.squaredLength('projection squared', projection, rank),
    ]),
    graph.number('zero', 0),
  ]);
  const spread = graph.node('spread', 'Add', [
    graph.squaredLength('whitened squared', whitened, rank),
    graph.node('unseen in floors', 'Div', [unseen, graph.number('floor', space.floor)]),
  ]);
  return ofLengthOne(graph, 'heading', whitened, spread);
}

function exclusive(
  graph: GraphBuilder,
  head: MulticlassHead,
  scores: string,
  heading: string,
): string {
  const { tags, temperature, gates } = head;
  const tempered = graph.node('tempered', 'Div', [
    scores,
    graph.number('temperature', temperature),
  ]);
  const shares = graph.node('shares', 'Softmax', [tempered], { integers: { axis: 1 } });
  const beyond = graph.node('beyond thresholds', 'Sub', [
    nearnessOf(graph, head, heading),
    graph.row(
      'thresholds',
      gates.map(({ threshold }) => threshold),
    ),
  ]);
  const steep = graph.node('in widths', 'Div', [
    beyond,
    graph.row(
      'widths',
      gates.map(({ width }) => width),
    ),
  ]);
  const passed = ofProducts(
    graph,
    tags,
    graph.node('passed of all', 'Mul', [graph.node('openness', 'Sigmoid', [steep]), shares]),
  );
  // What the gates take from the products is the Negative tag's.
  const left = graph.node('left', 'Sub', [
    graph.number('one', 1),
    graph.sum('all passed', passed, tags.length),
  ]);
  const rest = graph.node('rest', 'Max', [left, graph.number('nothing', 0)]);
  return withNegative(graph, tags, passed, rest);
}

/** For each tag the cosine to the nearest of its taught headings; -1 where it has none. */
function nearnessOf(
  graph: GraphBuilder,
  { tags, references, referenceTags }: MulticlassHead,
  heading: string,
): string {
  const places = placesByTag(tags.length, referenceTags);
  const each = places.length / tags.length;
  const products = graph.node('products with references', 'MatMul', [
    heading,
    graph.turnedHalves('references', withEmptyRow(references)),
  ]);
  const cosines = graph.node('cosines', 'Add', [
    products,
    graph.row('without a reference', [...new Float32Array(references.rows), -1]),
  ]);
  const inOrder = graph.node(
    'cosines in order',
    'Gather',
    [
      cosines,
      graph.constant('places by tag', { dims: [places.length], values: places, type: 'int64' }),
    ],
    { integers: { axis: 1 } },
  );
  const byTag = graph.node('cosines by tag', 'Reshape', [
    inOrder,
    graph.constant('tags by places', { dims: [3], values: [0, tags.length, each], type: 'int64' }),
  ]);
  // A pool as wide as the row: the reducing operators took another form at opset 18.
  const nearest = graph.node('nearest', 'MaxPool', [byTag], { integers: { kernel_shape: [each] } });
  return graph.node('nearness', 'Reshape', [
    nearest,
    graph.constant('tags alone', { dims: [2], values: [0, tags.length], type: 'int64' }),
  ]);
}

/** The last row is for tags that have no reference. */
function withEmptyRow({ rows, columns, values }: Matrix): Matrix {
  const longer = new Float32Array((rows + 1) * columns);
  longer.set(values);
  return { rows: rows + 1, columns, values: longer };
}

/** For each tag equally many rows of the references; where it has fewer, some stand twice. */
function placesByTag(tags: number, referenceTags: readonly number[]): number[] {
  const byTag = Array.from({ length: tags }, (): number[] => []);
  referenceTags.forEach((tag, place) => byTag[tag]!.push(place));
  const widest = Math.max(1, ...byTag.map((places) => places.length));
  return byTag.flatMap((places) =>
    Array.from(
      { length: widest },
      (_, index) => places[index % places.length] ?? referenceTags.length,
    ),
  );
}

function independent(
  graph: GraphBuilder,
  { tags, calibrations }: MultilabelHead,
  scores: string,
): string {
  const sloped = graph.node('sloped', 'Mul', [
    scores,
    graph.row(
      'slopes',
      calibrations.map(({ slope }) => slope),
    ),
  ]);
  const offset = graph.node('offset', 'Add', [
    sloped,
    graph.row(
      'offsets',
      calibrations.map((each) => each.offset),
    ),
  ]);
  const alone = ofProducts(graph, tags, graph.node('alone of all', 'Sigmoid', [offset]));
  // "None of the products": the product of what each lacks to 1, by their logarithms.
  const lacking = graph.node('lacking', 'Sub', [graph.number('one', 1), alone]);
  const none = graph.node('none', 'Exp', [
    graph.sum('log of none', graph.node('log of lacking', 'Log', [lacking]), tags.length),
  ]);
  return withNegative(graph, tags, alone, none);
}

function ofProducts(graph: GraphBuilder, tags: readonly HeadTag[], of: string): string {
  const isProduct = tags.map(({ type }) => (type === 'Negative' ? 0 : 1));
  return graph.node('of products', 'Mul', [of, graph.row('is product', isProduct)]);
}

function withNegative(
  graph: GraphBuilder,
  tags: readonly HeadTag[],
  products: string,
  none: string,
): string {
  const isNegative = tags.map(({ type }) => (type === 'Negative' ? 1 : 0));
  const ofNegative = graph.node('of negative', 'Mul', [none, graph.row('is negative', isNegative)]);
  return graph.node('of all', 'Add', [products, ofNegative]);
}
