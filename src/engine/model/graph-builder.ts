import type { Matrix } from './matrix.ts';
import { constantField, nodeField } from './onnx.ts';
import type { Chunk, Constant } from './onnx.ts';

type Integers = Readonly<Record<string, number | readonly number[]>>;

/** Those of ONNX's attributes that a node may have. */
export interface Attributes {
  readonly integers?: Integers;
  readonly floats?: Readonly<Record<string, number>>;
  readonly texts?: Readonly<Record<string, string>>;
}

/** Builds a graph tensor by tensor; each call gives the name of the tensor that it adds. */
export interface GraphBuilder {
  readonly node: (
    name: string,
    op: string,
    inputs: readonly string[],
    attributes?: Attributes,
  ) => string;
  readonly constant: (name: string, constant: Omit<Constant, 'name'>) => string;
  readonly number: (name: string, value: number) => string;
  /** One number for each column. */
  readonly row: (name: string, values: ArrayLike<number>) => string;
  /** What rows are multiplied by to give their products with the rows of the matrix. */
  readonly turned: (name: string, matrix: Matrix) => string;
  /** A constant that is kept in half the bytes. */
  readonly halves: (name: string, dims: readonly number[], values: ArrayLike<number>) => string;
  /** Of each row the sum of its `count` columns. */
  readonly sum: (name: string, of: string, count: number) => string;
  readonly squaredLength: (name: string, of: string, count: number) => string;
  /** Fields of a graph, in the order in which they were added. */
  readonly parts: readonly Chunk[];
}

const float32 = 1;

/** All tensors' names begin with the prefix. */
export function createGraphBuilder(prefix: string): GraphBuilder {
  const parts: Chunk[] = [];

  const constant: GraphBuilder['constant'] = (name, rest) => {
    parts.push(constantField({ name: `${prefix}${name}`, ...rest }));
    return `${prefix}${name}`;
  };
  const node: GraphBuilder['node'] = (name, op, inputs, attributes = {}) => {
    const output = `${prefix}${name}`;
    parts.push(nodeField({ op, inputs, output, ...attributes }));
    return output;
  };
  // As products with ones, for the summing operators took another form at opset 13.
  const sum: GraphBuilder['sum'] = (name, of, count) => {
    const ones = new Float32Array(count).fill(1);
    return node(name, 'MatMul', [
      of,
      constant(`${name}: ones`, { dims: [count, 1], values: ones }),
    ]);
  };
  return {
    node,
    constant,
    halves(name, dims, values) {
      const kept = constant(`${name}: halves`, { dims, values, type: 'float16' });
      return node(name, 'Cast', [kept], { integers: { to: float32 } });
    },
    number: (name, value) => constant(name, { dims: [1], values: [value] }),
    row: (name, values) => constant(name, { dims: [values.length], values }),
    turned: (name, { rows, columns, values }) =>
      constant(name, { dims: [columns, rows], values: columnsOf(rows, columns, values) }),
    sum,
    squaredLength: (name, of, count) => sum(name, node(`${name}: squares`, 'Mul', [of, of]), count),
    parts,
  };
}

function columnsOf(rows: number, columns: number, values: Float32Array): Float32Array {
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      turned[column * rows + row] = values[row * columns + column]!;
    }
  }
  return turned;
}
