import type { Assets } from '../assets.ts';
import type { CameraSettings } from '../camera.ts';
import type { GroundKind } from '../ground.ts';
import type { Mirror } from '../mirror.ts';
import type { Props } from '../props.ts';
import type { Random } from '../random.ts';
import type { Script } from '../script.ts';
import type { FilmSize, Sprite } from '../sprite.ts';

export interface PlayContext {
  readonly random: Random;
  readonly script: Script;
  readonly props: Props;
  /** Somebody to stand at the border. */
  person(): Sprite;
}

export interface CameraContext {
  readonly random: Random;
  readonly durationS: number;
  /** The bare ground's mean level in even light. */
  readonly groundLevel: number;
}

/** A kind of composed films: what happens in them, and what the light and the camera do. */
export interface Kind {
  /** Pictures a second; each film is played at one of them. */
  readonly rates: readonly number[];
  readonly grounds: readonly GroundKind[];
  /** Writes the script; the film's end in seconds. */
  play(context: PlayContext): Promise<number>;
  camera?(context: CameraContext): Partial<CameraSettings>;
  mirror?(context: CameraContext, assets: Assets, film: FilmSize): Promise<Mirror>;
  /** What the tray must say of its sight. */
  says?(
    settings: CameraSettings,
    groundLevel: number,
  ): readonly { reason: string; fromS: number }[];
}

export const anyGround: readonly GroundKind[] = ['table', 'white-table', 'tray', 'dark', 'wood'];
