import { createCanvas } from '@napi-rs/canvas';

import { loadDetector, noDetector } from '../detection/detector.ts';
import type { Proposal } from '../detection/decode.ts';
import { loadBackbone } from '../model/backbone.ts';
import { decodePicture, plainView } from '../model/picture.ts';
import type { View } from '../model/picture.ts';

/** What those who ask must know of it. */
export interface FeatureExtractorFacts {
  readonly backboneId: string;
  readonly featureCount: number;
  /** Whether there is a detector. */
  readonly proposes: boolean;
}

/** Looks at pictures that were checked by `checkPicture`. */
export interface FeatureExtractor extends FeatureExtractorFacts {
  /** One row of `featureCount` numbers for each view. @throws PictureError */
  readonly features: (picture: Uint8Array, views: readonly View[]) => Promise<Float32Array[]>;
  /** Where something seems to lie, most likely first. @throws PictureError, Error without a detector */
  readonly propose: (picture: Uint8Array) => Promise<Proposal[]>;
  readonly close: () => Promise<void>;
}

export interface FeatureExtractorOptions {
  /** Folder of `backbone.json` and its ONNX file. */
  readonly modelDir: string;
  /** Folder of `detector.json`, which need not be there. */
  readonly detectorDir: string;
  /** Cores for one picture. */
  readonly threads: number;
}

/**
 * Looks at one picture after another in the thread that asks, which does nothing else meanwhile.
 * @throws Error that names the file, where a model is missing, damaged or not understood.
 */
export async function loadFeatureExtractor({
  modelDir,
  detectorDir,
  threads,
}: FeatureExtractorOptions): Promise<FeatureExtractor> {
  const backbone = await loadBackbone({ modelDir, threads });
  const detector = await loadDetector({ detectorDir, threads });
  const extractor: FeatureExtractor = {
    backboneId: backbone.id,
    featureCount: backbone.featureCount,
    proposes: detector !== undefined,
    async features(picture, views) {
      const image = await decodePicture(picture);
      const rows: Float32Array[] = [];
      // One at a time: that is as fast as many together, and takes less memory.
      for (const view of views) rows.push(...(await backbone.features(image, [view])));
      return rows;
    },
    async propose(picture) {
      if (!detector) throw new Error(noDetector);
      return detector.propose(await decodePicture(picture));
    },
    async close() {
      await detector?.close();
      await backbone.close();
    },
  };
  await warmUp(extractor);
  return extractor;
}

/** The first pictures take several times as long as the rest; they shall not be a shopper's. */
async function warmUp(extractor: FeatureExtractor): Promise<void> {
  const blank = createCanvas(640, 480).toBuffer('image/jpeg');
  for (let time = 0; time < 3; time += 1) await extractor.features(blank, [plainView]);
}
