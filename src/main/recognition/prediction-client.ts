import type { Prediction, RecognitionFault } from './recognition.ts';

/** One try at one endpoint. */
export type ClassifyOutcome =
  | {
      readonly kind: 'predictions';
      /** Most probable first, each from 0 to 1. */
      readonly predictions: readonly Prediction[];
      /** As in a RecognitionResult. */
      readonly embedding?: Float32Array;
      /** What the server says that it worked itself (`Server-Timing: total`), where it says so. */
      readonly serverMs: number | null;
    }
  | {
      readonly kind: 'fault';
      readonly fault: RecognitionFault;
      /** A sentence that names the setting to look at, and never holds a key. */
      readonly message: string;
      /** After how long a second try may go better; null where it would be in vain. */
      readonly retryAfterMs: number | null;
    };

interface ClassifyOptions {
  /** Ends the try at once, in whatever phase it is. */
  readonly signal: AbortSignal;
  /** Lets the service keep the picture. */
  readonly store: boolean;
}

export interface PredictionClient {
  /** The setting and its value, as a sentence's beginning: `PredictionEndpoint https://…`. */
  readonly name: string;
  /** JPEG, PNG, BMP or GIF. Never rejects; has no time limit but the signal. */
  classify(picture: Uint8Array, options: ClassifyOptions): Promise<ClassifyOutcome>;
  /** Closes the connections that are kept open. */
  close(): void;
}
