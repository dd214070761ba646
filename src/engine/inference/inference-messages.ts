import type { Proposal } from '../detection/decode.ts';
import type { PictureFault, View } from '../model/picture.ts';
import type { FeatureExtractorFacts, FeatureExtractorOptions } from './feature-extractor.ts';

/** What a inference thread is started with. */
export type InferenceThreadData = FeatureExtractorOptions;

/** One after another: each is sent when the one before was answered. */
export type InferenceRequest =
  | {
      readonly kind: 'features';
      readonly picture: Uint8Array<ArrayBuffer>;
      readonly views: readonly View[];
    }
  | { readonly kind: 'propose'; readonly picture: Uint8Array<ArrayBuffer> };

export type InferenceJob = InferenceRequest | { readonly kind: 'close' };

export type InferenceAnswer =
  /** The first one: the thread takes jobs from now on. */
  | ({ readonly kind: 'ready' } & FeatureExtractorFacts)
  | { readonly kind: 'features'; readonly rows: readonly Float32Array<ArrayBuffer>[] }
  | { readonly kind: 'proposals'; readonly proposals: readonly Proposal[] }
  /** The picture is no good. */
  | { readonly kind: 'refused'; readonly fault: PictureFault; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };
