import type { Head, HeadTag, MulticlassHead, MultilabelHead } from '../training/head.ts';
import { leastShare } from '../training/head.ts';
import { createMatrix, rowOf } from '../model/matrix.ts';
import { createGraphBuilder } from '../model/graph-builder.ts';
import type { GraphBuilder } from '../model/graph-builder.ts';
import { nodeField } from '../model/onnx.ts';
import type { Chunk } from '../model/onnx.ts';

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
export function headGraph(head: Head, { features, probabilities }: Ends): Chunk[] {
  const graph = createGraphBuilder('head/');
  const embedding = embeddingOf(graph, features, head.featureCount);
  const scores = scoresOf(graph, head, embedding);
  const result =
    head.kind === 'multilabel'
      ? independent(graph, head, scores)
      : exclusive(graph, head, scores, embedding);
  return [...graph.parts, nodeField({ op: 'Identity', inputs: [result], output: probabilities })];
}

/** Signed square roots, of length one. */
function embeddingOf(graph: GraphBuilder, features: string, count: number): string {
  const sizes = graph.node('sizes', 'Sqrt', [graph.node('absolute', 'Abs', [features])]);
  const roots = graph.node('roots', 'Mul', [graph.node('signs', 'Sign', [features]), sizes]);
  const length = graph.node('length', 'Sqrt', [graph.squaredLength('roots squared', roots, count)]);
  // A row of nothing but zeros stays one.
  const divisor = graph.node('divisor', 'Max', [length, graph.number('least divisor', 1e-20)]);
  return graph.node('heading', 'Div', [roots, divisor]);
}

function scoresOf(graph: GraphBuilder, { model, tags }: Head, embedding: string): string {
  const { rows, columns, values } = model.weights;
  const features = columns - 1;
  const weights = new Float32Array(rows * features);
  const biases = tags.map((_, row) => {
    weights.set(values.subarray(row * columns, row * columns + features), row * features);
    return values[row * columns + features]!;
  });
  const weighed = graph.node('weighed', 'MatMul', [
    embedding,
    graph.turned('weights', { rows, columns: features, values: weights }),
  ]);
  return graph.node('scores', 'Add', [weighed, graph.row('biases', biases)]);
}

function exclusive(
  graph: GraphBuilder,
  head: MulticlassHead,
  scores: string,
  embedding: string,
): string {
  const { tags, temperature, acceptances } = head;
  const tempered = graph.node('tempered', 'Div', [
    scores,
    graph.number('temperature', temperature),
  ]);
  const shares = graph.node('shares', 'Softmax', [tempered], { integers: { axis: 1 } });
  const beyond = graph.node('beyond thresholds', 'Sub', [
    nearnessOf(graph, head, embedding),
    graph.row(
      'thresholds',
      acceptances.map(({ threshold }) => threshold),
    ),
  ]);
  const steep = graph.node('in widths', 'Div', [
    beyond,
    graph.row(
      'widths',
      acceptances.map(({ width }) => width),
    ),
  ]);
  const products = ofProducts(graph, tags, shares);
  const open = graph.node('open shares', 'Mul', [
    graph.node('openness', 'Sigmoid', [steep]),
    products,
  ]);
  // As the engine does: how near a picture is does not put one product before another.
  const allProducts = graph.node('share of products', 'Max', [
    graph.sum('all products', products, tags.length),
    graph.number('least share', leastShare),
  ]);
  const known = graph.node('known', 'Div', [graph.sum('all open', open, tags.length), allProducts]);
  const passed = graph.node('passed', 'Mul', [products, known]);
  // What no product is accepted with is the Negative tag's.
  const left = graph.node('left', 'Sub', [
    graph.number('one', 1),
    graph.sum('all passed', passed, tags.length),
  ]);
  const rest = graph.node('rest', 'Max', [left, graph.number('nothing', 0)]);
  return withNegative(graph, tags, passed, rest);
}

/** For each tag the cosine to the nearest of its prototypes; 0 where it has none. */
function nearnessOf(
  graph: GraphBuilder,
  { tags, prototypes, prototypeTags }: MulticlassHead,
  embedding: string,
): string {
  const placesOf = tags.map(() => new Array<number>());
  prototypeTags.forEach((tag, place) => placesOf[tag]!.push(place));
  const most = Math.max(1, ...placesOf.map((places) => places.length));
  const cosines = Array.from({ length: most }, (_, nth) => {
    // The nth prototype of every tag; of one that has fewer, some prototype once more.
    const rows = createMatrix(tags.length, prototypes.columns);
    placesOf.forEach((places, tag) => {
      const place = places[nth % places.length];
      if (place !== undefined) rowOf(rows, tag).set(rowOf(prototypes, place));
    });
    return graph.node(`cosines ${nth}`, 'MatMul', [embedding, graph.turned(`faces ${nth}`, rows)]);
  });
  return graph.node('nearness', 'Max', cosines);
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
