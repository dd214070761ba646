import type { TuningOutcome, TuningStep } from '../../../shared/camera-tuning.ts';

/** A camera that can be asked to hold still, whoever sets it. */
export interface TunableDevice {
  /** Who sets it: the program v4l2-ctl, or Chromium on the track that it captures. */
  readonly by: 'v4l2' | 'media-track' | 'nobody';
  /** Never rejects: what failed is refused in the outcome. */
  take(step: TuningStep): Promise<TuningOutcome>;
  stop(): void;
}
