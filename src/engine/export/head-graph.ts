import { setImmediate } from 'node:timers/promises';

import type { Head } from '../training/head.ts';
import type { Matrix } from '../training/matrix.ts';
import { constantField, nodeField } from './onnx.ts';
import type { Chunk, Constant } from './onnx.ts';

interface Ends {
  /** Name of the tensor of features, a row for each picture. */
  readonly features: string;
  /** Name of the tensor of probabilities that is made, in the order of the head's tags. */
  readonly probabilities: string;
}

/**
 * `classify` of a head as fields of an ONNX graph. Its operators mean the same in every opset from
 * 10 on, so they join a backbone of any.
 */
export async function headGraph(head: Head, { features, probabilities }: Ends): Promise<Chunk[]> {
  const { featureCount, tags, space, model, references } = head;
  const rank = space.basis.rows;
  const parts: Chunk[] = [];
  const constant = (name: string, rest: Omit<Constant, 'name'>): string => {
    parts.push(constantField({ name: `head/${name}`, ...rest }));
    return `head/${name}`;
  };
  const number = (name: string, value: number): string =>
    constant(name, { dims: [1], values: [value] });
  const row = (name: string, values: ArrayLike<number>): string =>
    constant(name, { dims: [values.length], values });
  const node = (
    name: string,
    op: string,
    inputs: readonly string[],
    integers?: Readonly<Record<string, number | readonly number[]>>,
  ): string => {
    const output = name === probabilities ? name : `head/${name}`;
    parts.push(nodeField({ op, inputs, output, ...(integers && { integers }) }));
    return output;
  };
  /** Columns of a matrix in halves, as the head's own file keeps them. */
  const halves = (name: string, matrix: Matrix): string =>
    node(
      name,
      'Cast',
      [
        constant(`${name} in halves`, {
          dims: [matrix.columns, matrix.rows],
          values: columnsOf(matrix),
          type: 'float16',
        }),
      ],
      { to: 1 },
    );
  const squared = (name: string, of: string, count: number): string =>
    node(`${name} squared`, 'MatMul', [
      node(`${name} squares`, 'Mul', [of, of]),
      constant(`${name} ones`, { dims: [count, 1], values: new Float32Array(count).fill(1) }),
    ]);

  // Signed square roots, of length one.
  const roots = node('roots', 'Mul', [
    node('signs', 'Sign', [features]),
    node('sizes', 'Sqrt', [node('absolute', 'Abs', [features])]),
  ]);
  const tiny = number('tiny', 1e-20);
  const normalised = node('normalised', 'Div', [
    roots,
    node('length or tiny', 'Max', [
      node('length', 'Sqrt', [squared('roots', roots, featureCount)]),
      tiny,
    ]),
  ]);

  // The place in the space: what to classify by, and what to compare by.
  const moved = node('moved', 'Sub', [normalised, row('mean', space.mean)]);
  await setImmediate();
  const projection = node('projection', 'MatMul', [moved, halves('basis', space.basis)]);
  await setImmediate();
  const raw = node('raw heading', 'MatMul', [
    projection,
    constant('whitening', {
      dims: [rank, rank],
      values: columnsOf(space.whitening),
    }),
  ]);
  const outside = node('outside', 'Max', [
    node('unseen', 'Sub', [
      squared('moved', moved, featureCount),
      squared('projection', projection, rank),
    ]),
    number('zero', 0),
  ]);
  const spread = node('spread', 'Add', [
    squared('heading', raw, rank),
    node('outside in floors', 'Div', [outside, number('floor', space.floor)]),
  ]);
  const heading = node('heading', 'Div', [
    raw,
    node('spread or tiny', 'Max', [node('spread length', 'Sqrt', [spread]), tiny]),
  ]);
  const coordinates = node('coordinates', 'Div', [projection, number('scale', space.scale)]);

  // The shares of the tags, and how open each one's gate is.
  const weights = splitWeights(model.weights, rank);
  const logits = node('logits', 'Add', [
    node('weighed', 'MatMul', [
      coordinates,
      constant('weights', { dims: [rank, tags.length], values: columnsOf(weights.matrix) }),
    ]),
    row('biases', weights.biases),
  ]);
  const shares = node(
    'shares',
    'Softmax',
    [node('tempered', 'Div', [logits, number('temperature', head.temperature)])],
    { axis: 1 },
  );
  await setImmediate();
  const places = referencePlaces(head);
  const cosines = node('cosines', 'Add', [
    node('bare cosines', 'MatMul', [heading, halves('references', withEmptyRow(references, rank))]),
    row('no reference', [...new Float32Array(references.rows), -1]),
  ]);
  const byTag = node('cosines by tag', 'Reshape', [
    node(
      'cosines in order',
      'Gather',
      [
        cosines,
        constant('reference places', { dims: [places.length], values: places, type: 'int64' }),
      ],
      { axis: 1 },
    ),
    constant('tags by references', {
      dims: [3],
      values: [0, tags.length, places.length / tags.length],
      type: 'int64',
    }),
  ]);
  // A pool as wide as the row: the reducing operators changed their form at opset 18.
  const nearest = node('nearest', 'MaxPool', [byTag], {
    kernel_shape: [places.length / tags.length],
  });
  const near = node('near', 'Reshape', [
    nearest,
    constant('tags alone', { dims: [2], values: [0, tags.length], type: 'int64' }),
  ]);
  const openness = node('openness', 'Sigmoid', [
    node('steepness', 'Div', [
      node('beyond threshold', 'Sub', [
        near,
        row(
          'thresholds',
          head.gates.map((gate) => gate.threshold),
        ),
      ]),
      row(
        'widths',
        head.gates.map((gate) => gate.width),
      ),
    ]),
  ]);
  const passed = node('passed', 'Mul', [
    node('passed of all', 'Mul', [openness, shares]),
    row(
      'is regular',
      tags.map(({ type }) => (type === 'Regular' ? 1 : 0)),
    ),
  ]);

  // What the gates take from the products is the Negative tag's.
  const rest = node('rest', 'Sub', [
    number('one', 1),
    node('all passed', 'MatMul', [
      passed,
      constant('passed ones', {
        dims: [tags.length, 1],
        values: new Float32Array(tags.length).fill(1),
      }),
    ]),
  ]);
  node(probabilities, 'Add', [
    passed,
    node('rest by tag', 'Mul', [
      rest,
      row(
        'is negative',
        tags.map(({ type }) => (type === 'Negative' ? 1 : 0)),
      ),
    ]),
  ]);
  return parts;
}

function columnsOf({ rows, columns, values }: Matrix): Float32Array {
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      turned[column * rows + row] = values[row * columns + column]!;
    }
  }
  return turned;
}

function splitWeights({ rows, columns, values }: Matrix, rank: number) {
  const matrix = new Float32Array(rows * rank);
  const biases = new Float32Array(rows);
  for (let row = 0; row < rows; row += 1) {
    matrix.set(values.subarray(row * columns, row * columns + rank), row * rank);
    biases[row] = values[row * columns + rank]!;
  }
  return { matrix: { rows, columns: rank, values: matrix }, biases };
}

/** The last row is for tags that have no reference. */
function withEmptyRow({ rows, values }: Matrix, rank: number): Matrix {
  const longer = new Float32Array((rows + 1) * rank);
  longer.set(values);
  return { rows: rows + 1, columns: rank, values: longer };
}

/** For each tag equally many places of references; where it has fewer, some stand twice. */
function referencePlaces({ tags, references, referenceTags }: Head): number[] {
  const byTag = tags.map((): number[] => []);
  referenceTags.forEach((tag, place) => byTag[tag]!.push(place));
  const widest = Math.max(1, ...byTag.map((places) => places.length));
  return byTag.flatMap((places) =>
    Array.from({ length: widest }, (_, index) => places[index % places.length] ?? references.rows),
  );
}
