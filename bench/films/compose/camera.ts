/** What a webcam and the light over the tray do to a picture; every time is in seconds of the film. */
export interface CameraSettings {
  /** How long a picture's shutter is open, and how long its rows take to be read, first to last. */
  readonly exposureS: number;
  readonly readoutS: number;
  readonly noise: Noise;
  readonly tone: Tone;
  readonly autoExposure: AutoExposure | null;
  readonly flicker: Flicker | null;
  /** How far the white drifts, in levels of a white's colours, and how slowly. */
  readonly whiteDrift: { readonly levels: number; readonly periodS: number } | null;
  /** JPEG's quality, 1 to 100; null for a camera that does not compress. */
  readonly jpegQuality: number | null;
  readonly focusPulses: readonly FocusPulse[];
  /** The most that it shakes, in pixels of a thumb of 160. */
  readonly shakePx: number;
  readonly bumps: readonly Bump[];
  readonly shades: readonly Shade[];
  readonly unrest: Unrest | null;
  readonly lampSteps: readonly LampStep[];
  /** The sun behind clouds: part of the light, and how slowly it comes and goes. */
  readonly clouds: { readonly depth: number; readonly periodS: number } | null;
  /** Factor on all light; its noise stays. */
  readonly light: number;
  /** From then on the same picture comes again and again. */
  readonly frozenFromS: number | null;
}

export interface Noise {
  /** Standard deviations: of the sensor's own in levels, and of the light's, to the root of a level. */
  readonly read: number;
  readonly shot: number;
  /** How far a camera's denoising smears it, in pixels; 0 for none. */
  readonly smearPx: number;
}

export interface Tone {
  readonly gamma: number;
  /** From that level on brightness is compressed instead of clipped. */
  readonly knee: number;
  readonly saturation: number;
}

/** Exposure that follows the mean brightness of pictures some time ago, in steps. */
export interface AutoExposure {
  readonly target: number;
  readonly lagS: number;
  readonly everyS: number;
  /** Part of the error that a step takes away; over 1 it overshoots and hunts. */
  readonly gain: number;
  /** In stops, a factor of two of light each. */
  readonly smallestStep: number;
  readonly largestStep: number;
  /** No step while the error is smaller. */
  readonly tolerance: number;
}

export interface Flicker {
  readonly mainsHz: number;
  /** Of the picture's brightness, up and down. */
  readonly depth: number;
  readonly wave: 'sine' | 'rectified';
  /** Part of a period at the film's start. */
  readonly phase: number;
  /** Bands lie across the way in which the sensor is read: a camera turned by 90° has them upright. */
  readonly bands: 'rows' | 'columns';
}

export interface FocusPulse {
  readonly atS: number;
  readonly lengthS: number;
  /** Blur at its worst, standard deviation in pixels of a thumb. */
  readonly blurPx: number;
}

export interface Bump {
  readonly atS: number;
  /** Lasting, in pixels of a thumb. */
  readonly dx: number;
  readonly dy: number;
}

/** Somebody who walks by and takes light: a soft band over the picture. */
export interface Shade {
  readonly atS: number;
  readonly lengthS: number;
  readonly depth: number;
  /** Parts of the picture's width. */
  readonly width: number;
  /** The way it goes, radians. */
  readonly towards: number;
}

/** The light moves over the whole picture and never rests. */
export interface Unrest {
  readonly fromS: number;
  /** `fan`: blades that turn between the lamp and the tray; `lamp`: a lamp with a shade that swings. */
  readonly by: 'fan' | 'lamp';
  /** Of the light, where a blade's shadow or none of the lamp's light falls. */
  readonly depth: number;
  /** Of a blade after the other, or of a swing there and back. */
  readonly periodS: number;
  /** The way of the swing, or where the first blade is; radians. */
  readonly towards: number;
}

export interface LampStep {
  readonly atS: number;
  /** On the light from then on. */
  readonly factor: number;
}
