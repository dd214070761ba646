/** One tag's probability, most probable first in every list. */
export interface Prediction {
  readonly tagId: string;
  readonly tagName: string;
  readonly tagType: 'Regular' | 'Negative' | 'GeneralProduct';
  readonly probability: number;
}

export type RecognitionFault =
  | 'wrong-endpoint'
  | 'wrong-key'
  | 'wrong-project'
  | 'wrong-model-name'
  | 'wrong-project-type'
  | 'bad-picture'
  | 'rate-limited'
  | 'server-error'
  | 'not-understood'
  | 'deadline'
  | 'unreachable';

export type RecognitionResult =
  | {
      readonly kind: 'recognised';
      readonly predictions: readonly Prediction[];
      /** Where the picture lies among others: like things lie near. Not every endpoint tells. */
      readonly embedding?: Float32Array;
      readonly tookMs: number;
      readonly via: 'first' | 'second';
    }
  /** No endpoint answered; `fault` and `message` are the first endpoint's, in words that name the setting. */
  | {
      readonly kind: 'unavailable';
      readonly fault: RecognitionFault;
      readonly message: string;
      readonly tookMs: number;
    };

/** Never rejects and never takes longer than the deadline that it was made with. */
export interface Recogniser {
  recognise(jpeg: Uint8Array): Promise<RecognitionResult>;
}

/** What the shop makes of an answer. Product ids are the catalogue's. */
export type Decision =
  | { readonly kind: 'accept'; readonly productId: string; readonly probability: number }
  /** Two to four, the likely one first. */
  | {
      readonly kind: 'ask';
      readonly candidates: readonly { productId: string; probability: number }[];
    }
  | {
      readonly kind: 'unknown';
      readonly suggestions: readonly { productId: string; probability: number }[];
    };
