import type { Photo, Region, Thumb } from '../../shared/frame.ts';
import type { ItemRegion } from '../../shared/item-mask.ts';
import type { Camera, CameraStatus, PreviewFrame } from '../camera/camera.ts';
import type { Decision, RecognitionResult, Recogniser } from '../recognition/recognition.ts';
import type { BlindReason, Impairment, Say } from '../tray/tray-event.ts';

export type Recognised = Extract<RecognitionResult, { kind: 'recognised' }>;

/** What one placement came to, with the way's own times. */
export interface LaneOutcome {
  /** The tray's, or one of the lane's own where another thing may have taken a placement's place. */
  readonly placementId: string;
  readonly region: Region;
  /** Null where the camera gave no photo. */
  readonly photo: Photo | null;
  readonly result: Decision | { readonly kind: 'recognition-down' };
  /** It may be nothing new: a hand, light, or what lay there before. Never accepted then. */
  readonly unsure: boolean;
  readonly weightGrams: number | null;
  readonly timings: LaneTimings;
}

/** Milliseconds; each part follows the one before. What was looked at ahead takes only what was left. */
export interface LaneTimings {
  /** When it came to lie still, on the camera's clock. */
  readonly stillSinceMs: number;
  /** From lying still to the tray's word for it. */
  readonly stillnessMs: number;
  readonly photoMs: number;
  readonly recognitionMs: number;
  readonly decisionMs: number;
  /** Whether photo and recognition were under way before the tray's word. */
  readonly ahead: boolean;
}

export interface LaneListener {
  /** Resolves when all that comes of it has happened; until then it counts as being recognised. */
  readonly outcome: (outcome: LaneOutcome) => Promise<unknown>;
  /** What may be a hand or light was laid down, and shows no product: nobody is asked. */
  readonly passedOver: (placementId: string) => void;
  readonly moved: (placementId: string, region: Region) => void;
  readonly left: (placementId: string) => void;
  /** Told once: the camera delivers, and the tray has learned what it looks like. */
  readonly watching: () => void;
  /** How many placements are being recognised just now. */
  readonly looking: (count: number) => void;
  readonly preview: (frame: PreviewFrame) => void;
  readonly cameraStatus: (status: CameraStatus) => void;
  /** Why the camera, which delivers, shows nothing to go by; null when it sees again. */
  readonly blind: (reason: BlindReason | null) => void;
  /** Why the tray may miss or invent things; none when all is well again. */
  readonly impaired: (reasons: readonly Impairment[]) => void;
  readonly fault: (where: string, error: unknown) => void;
}

/** What lies on the scale, placement by placement. */
export interface Scale {
  readonly placed: (placementId: string) => void;
  /** Grams, tare included; null where the scale cannot tell. Asked once for each placement. */
  readonly weigh: (placementId: string) => number | null;
  readonly left: (placementId: string) => void;
}

export interface LaneParts {
  readonly camera: Camera;
  /** Tells at once or later, in the order of the pictures. */
  readonly tray: { readonly see: (thumb: Thumb, say: Say) => void };
  readonly recogniser: Recogniser;
  readonly decide: (result: Recognised) => Decision;
  /** What to ask instead of what was decided, where the thing may be nothing new. */
  readonly questionOf: (decision: Decision, result: Recognised) => Decision;
  /** The part of the picture that shows a placement well; `view` has the picture's proportions. */
  readonly cropFor: (region: ItemRegion, view: { width: number; height: number }) => ItemRegion;
  readonly scale: Scale | null;
  /** Whether a picture more costs nobody anything, so that what may be placed is looked at ahead. */
  readonly mayLookAhead: () => boolean;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly listener: LaneListener;
}
