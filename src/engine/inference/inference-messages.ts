import type { Proposal } from '../detection/decode.ts';
import type { View } from '../model/picture.ts';
import type { FeatureExtractorFacts, FeatureExtractorOptions } from './feature-extractor.ts';

/** What a inference thread is started with. */
export type InferenceThreadData = FeatureExtractorOptions;

export type InferenceRequest =
  | {
      readonly kind: 'features';
      readonly picture: Uint8Array<ArrayBuffer>;
      readonly views: readonly View[];
    }
  | { readonly kind: 'propose'; readonly picture: Uint8Array<ArrayBuffer> };

export type InferenceResult =
  | { readonly kind: 'features'; readonly rows: readonly Float32Array<ArrayBuffer>[] }
  | { readonly kind: 'proposals'; readonly proposals: readonly Proposal[] };

/** What the thread is asked, one after another. A bad picture's fault is the failure's code. */
export interface InferenceCalls {
  /** Answered when the thread has its model. */
  open(): FeatureExtractorFacts;
  run(job: InferenceRequest): InferenceResult;
  /** Ends the thread, which may come before the answer. */
  close(): null;
}
