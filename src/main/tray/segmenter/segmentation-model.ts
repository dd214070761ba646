import { InferenceSession, Tensor } from 'onnxruntime-node';

import type { Segmentation, TrayPicture } from './segmentation.ts';
import { changeClasses, toModelInput, toSegmentation } from './segmentation.ts';

/** The model in the thread that asks, which does nothing else meanwhile. */
export interface SegmentationModel {
  /** @throws RangeError where the pictures are not of one size. */
  readonly segment: (now: TrayPicture, accepted: TrayPicture) => Promise<Segmentation>;
  readonly close: () => Promise<void>;
}

const INPUT = 'pixels';
const OUTPUT = 'shares';

/** @throws Error that names the file, where the model is missing, damaged or another one. */
export async function loadSegmentationModel(modelPath: string): Promise<SegmentationModel> {
  const session = await openSession(modelPath);
  if (!session.inputNames.includes(INPUT) || !session.outputNames.includes(OUTPUT)) {
    await session.release();
    throw new Error(
      `${modelPath} is no segmenter of the tray: it has no ${INPUT} or no ${OUTPUT}.`,
    );
  }
  return {
    async segment(now, accepted) {
      const input = toModelInput(now, accepted);
      const { width, height, pixels } = input;
      const dims = [1, pixels.length / (width * height), height, width];
      const results = await session.run({ [INPUT]: new Tensor('uint8', pixels, dims) });
      const shares = results[OUTPUT]?.data;
      const count = changeClasses.length * width * height;
      if (!(shares instanceof Float32Array) || shares.length !== count) {
        throw new Error(`${modelPath} did not give ${count} shares.`);
      }
      return toSegmentation(shares, input, now);
    },
    close: () => session.release(),
  };
}

async function openSession(modelPath: string): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(modelPath, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      // An idle thread would otherwise spin and take the core from the camera and the window.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (error) {
    throw new Error(`The tray's segmenter cannot be loaded from ${modelPath}.`, { cause: error });
  }
}
