import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { DetectorDescription } from './detector.ts';
import { onnxFromTfjs } from './onnx-from-tfjs.ts';
import { readTfjsModel } from './tfjs-model.ts';

/** NanoDet-g: for each scale 80 classes, then 11 steps of the distance to each of 4 sides. */
const nanodet = {
  id: 'nanodet-g-416-coco-fp16',
  file: 'detector.onnx',
  // As its makers trained it: the means and deviations of ImageNet, blue first.
  input: {
    name: 'input_1',
    layout: 'NCHW',
    channels: 'BGR',
    side: 416,
    mean: [103.53, 116.28, 123.675],
    std: [57.375, 57.12, 58.395],
  },
  outputs: [
    'PartitionedCall/transpose_99',
    'PartitionedCall/transpose_105',
    'PartitionedCall/transpose_111',
  ],
  classes: 80,
  steps: 11,
  source: 'NanoDet-g by RangiLyu, as npm carries it in @vladmandic/human 1.3.5',
  licence: 'Apache-2.0',
} satisfies Omit<DetectorDescription, 'sha256'>;

/**
 * Makes `detector.onnx` and the `detector.json` that describes it of `nanodet.json` and
 * `nanodet.bin` in another folder. @throws Error where those are not what is expected.
 */
export async function makeDetector(fromDir: string, intoDir: string): Promise<void> {
  const [json, weights] = await Promise.all([
    readFile(join(fromDir, 'nanodet.json'), 'utf8'),
    readFile(join(fromDir, 'nanodet.bin')),
  ]);
  const chunks = onnxFromTfjs({
    model: readTfjsModel(json, weights),
    outputs: nanodet.outputs,
    doc: `${nanodet.source}; licence: ${nanodet.licence}.`,
  });
  const file = Buffer.concat(chunks);
  const sha256 = createHash('sha256').update(file).digest('hex');
  await mkdir(intoDir, { recursive: true });
  await writeFile(join(intoDir, nanodet.file), file);
  // Last, for whoever finds it takes the model to be there.
  const description: DetectorDescription = { ...nanodet, sha256 };
  await writeFile(join(intoDir, 'detector.json'), `${JSON.stringify(description, null, 2)}\n`);
}
