import type { BackboneFile } from '../model/backbone.ts';
import type { Head } from '../training/head.ts';
import { headGraph } from './head-graph.ts';
import {
  constantField,
  inputField,
  modelFile,
  nodeField,
  outputField,
  readModel,
} from '../model/onnx.ts';
import type { Chunk } from '../model/onnx.ts';

export const pictureInput = 'image';
export const probabilityOutput = 'probabilities';

export interface ClassifierModel {
  /** To be written one after the other. */
  readonly chunks: readonly Chunk[];
  readonly opset: number;
}

/** One ONNX model of backbone and head: pixels from 0 to 255 in, probabilities of the tags out. */
export function classifierModel(backbone: BackboneFile, head: Head): ClassifierModel {
  const { input, output, id } = backbone.description;
  const { irVersion, opset, opsets, body } = readModel(backbone.bytes);
  const scaling: Chunk[] = [
    constantField({ name: 'scaling/mean', dims: [3, 1, 1], values: input.mean }),
    constantField({ name: 'scaling/deviation', dims: [3, 1, 1], values: input.std }),
    nodeField({ op: 'Sub', inputs: [pictureInput, 'scaling/mean'], output: 'scaling/moved' }),
    nodeField({ op: 'Div', inputs: ['scaling/moved', 'scaling/deviation'], output: input.name }),
  ];
  const chunks = modelFile({
    irVersion,
    opsets,
    graphName: 'classifier',
    doc: `Backbone ${id} with a head for ${head.tags.length} tags.`,
    metadata: {
      'Image.BitmapPixelFormat': input.channels === 'RGB' ? 'Rgb8' : 'Bgr8',
      'Image.ColorSpaceGamma': 'SRGB',
      'Image.NominalPixelRange': 'NominalRange_0_255',
    },
    graph: [
      ...scaling,
      ...body,
      ...headGraph(head, { features: output.name, probabilities: probabilityOutput }),
      inputField({ name: pictureInput, dims: ['n', 3, input.height, input.width] }),
      outputField({ name: probabilityOutput, dims: ['n', head.tags.length] }),
    ],
  });
  return { chunks, opset };
}
