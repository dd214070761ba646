import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';

import { encodeFloat16 } from '../../shared/float16.ts';
import { onnxFromTfjs } from './onnx-from-tfjs.ts';
import { readTfjsModel } from './tfjs-model.ts';

interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly values: readonly number[];
}

const floats = (name: string, shape: readonly number[], values: readonly number[]): Weight => ({
  name,
  shape,
  dtype: 'float32',
  values,
});
const wholes = (name: string, values: readonly number[], shape = [values.length]): Weight => ({
  name,
  shape,
  dtype: 'int32',
  values,
});

const text = (value: string) => ({ s: Buffer.from(value).toString('base64') });
const list = (...i: number[]) => ({ list: { i: i.map(String) } });
const plain = { padding: text('VALID'), data_format: text('NHWC') };

/** A graph of one operator on a picture of 4 rows, 4 columns and 2 channels. */
function graph(op: string, attr: object, weights: readonly Weight[], inputs?: readonly string[]) {
  const shape = { dim: [1, 4, 4, 2].map((size) => ({ size: String(size) })) };
  const json = JSON.stringify({
    format: 'graph-model',
    modelTopology: {
      node: [
        { name: 'picture', op: 'Placeholder', attr: { shape: { shape } } },
        ...weights.map(({ name }) => ({ name, op: 'Const' })),
        { name: 'result', op, attr, input: inputs ?? ['picture', ...weights.map((w) => w.name)] },
        { name: 'needless', op: 'Mystery', input: ['picture'] },
      ],
    },
    weightsManifest: [
      {
        weights: weights.map(({ name, shape: sides, dtype }) => ({
          name,
          shape: sides,
          dtype,
          ...(dtype === 'float32' && { quantization: { dtype: 'float16' } }),
        })),
      },
    ],
  });
  const bytes = Buffer.concat(
    weights.map(({ dtype, values }) => {
      const { buffer } = dtype === 'int32' ? Int32Array.from(values) : encodeFloat16(values);
      return Buffer.from(buffer);
    }),
  );
  return readTfjsModel(json, bytes);
}

const picture = Float32Array.from({ length: 32 }, (_, index) => index - 8);
const pixel = (row: number, column: number, channel: number): number =>
  picture[(row * 4 + column) * 2 + channel]!;

async function run(model: ReturnType<typeof graph>) {
  const file = Buffer.concat(onnxFromTfjs({ model, outputs: ['result'], doc: 'test' }));
  const session = await InferenceSession.create(file);
  const { result } = await session.run({ picture: new Tensor('float32', picture, [1, 4, 4, 2]) });
  await session.release();
  return { dims: result?.dims, values: Array.from(result?.data as Float32Array) };
}

test('a convolution', async () => {
  const kernel = Array.from({ length: 2 * 2 * 2 * 3 }, (_, index) => (index % 7) - 3);
  const { dims, values } = await run(
    graph('Conv2D', { ...plain, strides: list(1, 2, 2, 1), dilations: list(1, 1, 1, 1) }, [
      floats('kernel', [2, 2, 2, 3], kernel),
    ]),
  );
  expect(dims).toEqual([1, 2, 2, 3]);
  const expected = [0, 2].flatMap((row) =>
    [0, 2].flatMap((column) =>
      [0, 1, 2].map((filter) => {
        let sum = 0;
        for (let y = 0; y < 2; y += 1)
          for (let x = 0; x < 2; x += 1)
            for (let channel = 0; channel < 2; channel += 1)
              sum +=
                pixel(row + y, column + x, channel) *
                kernel[((y * 2 + x) * 2 + channel) * 3 + filter]!;
        return sum;
      }),
    ),
  );
  expect(values).toEqual(expected);
});

test('a pool of the largest', async () => {
  const { dims, values } = await run(
    graph('MaxPool', { ...plain, ksize: list(1, 2, 2, 1), strides: list(1, 2, 2, 1) }, []),
  );
  expect(dims).toEqual([1, 2, 2, 2]);
  expect(values).toEqual(
    [1, 3].flatMap((row) => [1, 3].flatMap((column) => [0, 1].map((c) => pixel(row, column, c)))),
  );
});

test('a border around', async () => {
  const around = wholes('paddings', [0, 0, 1, 0, 0, 2, 0, 0], [4, 2]);
  const { dims, values } = await run(graph('PadV2', {}, [around, floats('value', [], [-5])]));
  expect(dims).toEqual([1, 5, 6, 2]);
  expect(values.slice(0, 12)).toEqual(Array.from({ length: 12 }, () => -5));
  expect(values.slice(12, 14)).toEqual([pixel(0, 0, 0), pixel(0, 0, 1)]);
  expect(values.slice(20, 24)).toEqual([-5, -5, -5, -5]);
});

test('turned axes, a sum and a leaky line', async () => {
  const turned = await run(graph('Transpose', {}, [wholes('order', [0, 3, 1, 2])]));
  expect(turned.dims).toEqual([1, 2, 4, 4]);
  expect(turned.values.slice(0, 3)).toEqual([pixel(0, 0, 0), pixel(0, 1, 0), pixel(0, 2, 0)]);
  const sum = await run(graph('AddV2', {}, [floats('more', [2], [10, 20])]));
  expect(sum.values.slice(0, 2)).toEqual([pixel(0, 0, 0) + 10, pixel(0, 0, 1) + 20]);
  const leaky = await run(graph('LeakyRelu', { alpha: { f: 0.5 } }, []));
  expect(leaky.values.slice(0, 1)).toEqual([-4]);
  expect(leaky.values.at(-1)).toBe(23);
});

test('two together, along the last axis', async () => {
  const axis = wholes('axis', [-1], []);
  const { dims, values } = await run(
    graph('ConcatV2', {}, [axis], ['picture', 'picture:0', 'axis']),
  );
  expect(dims).toEqual([1, 4, 4, 4]);
  expect(values.slice(0, 4)).toEqual([-8, -7, -8, -7]);
});

test('twice the size, between the middles of pixels', async () => {
  const { dims, values } = await run(
    graph('ResizeBilinear', { half_pixel_centers: { b: true } }, [wholes('size', [8, 8])]),
  );
  expect(dims).toEqual([1, 8, 8, 2]);
  expect(values.slice(0, 2)).toEqual([-8, -7]);
  expect(values[2]).toBeCloseTo(-7.5);
});

test('what cannot be converted is named', () => {
  const convert = (model: ReturnType<typeof graph>) =>
    onnxFromTfjs({ model, outputs: ['result'], doc: '' });
  expect(() => convert(graph('Erf', {}, []))).toThrow('"result" does Erf');
  expect(() => convert(graph('ResizeBilinear', {}, [wholes('size', [8, 8])]))).toThrow('resizes');
  const same = { padding: text('SAME'), data_format: text('NHWC') };
  expect(() => convert(graph('MaxPool', same, []))).toThrow('pads by SAME');
  const model = graph('LeakyRelu', {}, []);
  expect(() => onnxFromTfjs({ model, outputs: ['nothing'], doc: '' })).toThrow('"nothing"');
});

test('weights of another length than they are said to have are refused', () => {
  const json = JSON.stringify({
    format: 'graph-model',
    modelTopology: { node: [] },
    weightsManifest: [{ weights: [{ name: 'one', shape: [3], dtype: 'float32' }] }],
  });
  expect(() => readTfjsModel(json, new Uint8Array(8))).toThrow('"one"');
  expect(() => readTfjsModel(json, new Uint8Array(16))).toThrow('longer');
});
