import type { Region, Thumb } from './frame.ts';
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
