import type { Region, Thumb } from './frame.ts';
import type { ItemRegion } from './item-mask.ts';
import type { Orientation } from './orientation.ts';

/** The light over the tray; `level` 1 and the rest 0 is a bright shop at noon. */
export interface SceneLight {
  /** Brightness, 0.3 to 1.5. */
  readonly level: number;
  /** From -1 (bluish daylight) to 1 (warm bulbs). */
  readonly warmth: number;
  /** How far the main light has wandered round the tray, in radians. */
  readonly turn: number;
}

export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** Where something can be touched in the world view, in fractions of the view. */
export interface LayoutItem {
  readonly kind: 'shelf' | 'tray';
  readonly productId: string;
  /** Present for what lies on the tray: what `take` wants. */
  readonly instanceId?: string;
  readonly rect: Region;
}

export interface SceneSettings {
  /** The same seed and the same messages give the same pictures. */
  readonly seed: number;
  /** What stands on the shelf; empty for all demo products. */
  readonly productIds: readonly string[];
  /** Of the world view, in pixels; a ratio between 1:1 and 2:1 fits best. */
  readonly worldSize: PixelSize;
  readonly light: SceneLight;
  /** The camera's noise: standard deviation in grey levels of 255. */
  readonly noise: number;
  /** What makes its pictures upright, as a real camera's; the world view is not turned. */
  readonly orientation: Orientation;
}

/** A tray to photograph: one thing laid down where others, or none, lie already. */
export interface ScenePose {
  readonly thingId: string;
  /** Whether all of the pose before lies there still; its places then go on with that one's seed. */
  readonly onLast: boolean;
  /** What is laid before it, in this order. */
  readonly otherIds: readonly string[];
  readonly seed: number;
  readonly light: SceneLight;
  readonly noise: number;
}

/** `byHand`: a hand reaches in, does it, and goes away again. */
export type TrayStep =
  | { readonly kind: 'lay'; readonly thingId: string; readonly byHand: boolean }
  /** Takes the n-th thing that lies on the tray, counted from the one that lies there longest. */
  | { readonly kind: 'take'; readonly index: number; readonly byHand: boolean }
  /** A hand reaches to a point of the camera's view (fractions) and does nothing. */
  | { readonly kind: 'pass'; readonly at: { readonly x: number; readonly y: number } };

/** What happens on the tray, picture by picture on the scene's own clock. */
export interface TrayScript {
  readonly seed: number;
  readonly light: SceneLight;
  readonly framesPerSecond: number;
  readonly steps: readonly TrayStep[];
}

/** Without noise, so that whoever plays it adds its own. */
export interface ScriptedThumb extends Required<Omit<Thumb, 'atMs'>> {
  /** Which step led here, counted from 0; -1 is the empty tray. */
  readonly step: number;
  /** The last of its step, once nothing moves any more. */
  readonly resting: boolean;
}

/** A script as a camera films it. */
export interface FilmScript extends TrayScript {
  /** How many pictures of each resting tray; the first is of the empty one. */
  readonly restingFrames: number;
  readonly noise: number;
  /** JPEG quality, 0 to 1. */
  readonly quality: number;
}

/** What the scene window says to main. Rectangles and sizes are checked there like any input. */
export type SceneToMain =
  | { readonly kind: 'ready' }
  | ({ readonly kind: 'thumb' } & Thumb)
  | {
      readonly kind: 'worldFrame';
      readonly jpeg: Uint8Array;
      readonly width: number;
      readonly height: number;
    }
  | { readonly kind: 'layout'; readonly items: readonly LayoutItem[] }
  | {
      readonly kind: 'photo';
      readonly requestId: number;
      readonly jpeg: Uint8Array;
      readonly width: number;
      readonly height: number;
      readonly atMs: number;
    }
  | { readonly kind: 'weight'; readonly totalGrams: number }
  | {
      readonly kind: 'posed';
      readonly requestId: number;
      readonly width: number;
      readonly height: number;
      /** Thumbs without the new thing, each with a noise of its own. */
      readonly before: readonly Uint8Array[];
      /** Thumbs with it, at rest. */
      readonly after: readonly Uint8Array[];
      /** All that lies there, and where in the camera's view. */
      readonly things: readonly { readonly thingId: string; readonly region: Region }[];
    }
  | {
      readonly kind: 'portrait';
      readonly requestId: number;
      readonly thingId: string;
      readonly webp: Uint8Array;
    }
  | {
      readonly kind: 'scripted';
      readonly requestId: number;
      /** Of one step, in time's order; the last one is at rest. */
      readonly thumbs: readonly ScriptedThumb[];
    }
  | {
      readonly kind: 'filmed';
      readonly requestId: number;
      readonly step: number;
      readonly resting: boolean;
      readonly jpeg: Uint8Array;
    }
  | { readonly kind: 'batchDone'; readonly requestId: number }
  /** `fatal`: there will be no more pictures. `requestId` names the request that failed, if one did. */
  | {
      readonly kind: 'failed';
      readonly message: string;
      readonly fatal: boolean;
      readonly requestId?: number;
    };

/** What main says to the scene window. */
export type MainToScene =
  /** First of all, and again whenever something changes; a new seed or shelf clears the tray. */
  | ({ readonly kind: 'configure' } & SceneSettings)
  | { readonly kind: 'lay'; readonly productId: string }
  | { readonly kind: 'take'; readonly instanceId: string }
  | { readonly kind: 'clear' }
  /** A hand over the tray, in fractions of the camera's view, or none. */
  | { readonly kind: 'hand'; readonly at: { readonly x: number; readonly y: number } | null }
  | {
      readonly kind: 'photo';
      readonly requestId: number;
      readonly region: ItemRegion;
      /** Longest side of the picture, in pixels; 640 at most. */
      readonly maxSide: number;
      /** JPEG quality, 0 to 1. */
      readonly quality: number;
    }
  /** Answered by `posed`. The tray stays so for photos, and the live view rests, until `clear`. */
  | { readonly kind: 'pose'; readonly requestId: number; readonly pose: ScenePose }
  /** Batch work; answered by one `portrait` (WebP, transparent) an id, then `batchDone`. */
  | {
      readonly kind: 'portraits';
      readonly requestId: number;
      readonly thingIds: readonly string[];
      /** Of the square pictures, in pixels. */
      readonly side: number;
    }
  /** Batch work; answered by `scripted` for each step in order, then `batchDone`. */
  | { readonly kind: 'script'; readonly requestId: number; readonly script: TrayScript }
  /** Batch work; answered by one `filmed` a picture in time's order, then `batchDone`. */
  | { readonly kind: 'film'; readonly requestId: number; readonly film: FilmScript };

/** What the scene window's preload puts on `window.capture`. */
export interface SceneCapture {
  send(message: SceneToMain): void;
  /** One listener: a second call replaces the first. */
  onMessage(listener: (message: MainToScene) => void): void;
}
