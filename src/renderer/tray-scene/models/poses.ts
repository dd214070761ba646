import { Euler, Quaternion, Vector3 } from 'three';
import type { Random } from '../random.ts';

const X = new Vector3(1, 0, 0);
const Y = new Vector3(0, 1, 0);
const Z = new Vector3(0, 0, 1);

/** Degrees about x, then y, then z. */
export function pose(x: number, y: number, z: number): Quaternion {
  const toRadians = Math.PI / 180;
  return new Quaternion().setFromEuler(
    new Euler(x * toRadians, y * toRadians, z * toRadians, 'YXZ'),
  );
}

/** Mostly on its base and a little aslant, at times rolled over any way. */
export function restRound(upright: number): (random: Random) => Quaternion {
  return (random) => {
    const spin = new Quaternion().setFromAxisAngle(Y, random.between(0, 2 * Math.PI));
    const heading = random.between(0, 2 * Math.PI);
    const axis = new Vector3(Math.cos(heading), 0, Math.sin(heading));
    const tilt = random.chance(upright) ? random.between(0, 0.35) : random.between(0.4, Math.PI);
    return new Quaternion().setFromAxisAngle(axis, tilt).multiply(spin);
  };
}

/** Lying on its side with its upright axis along x, rolled any way about it. */
export function restLying(random: Random): Quaternion {
  return lyingRolled(random.between(0, 2 * Math.PI));
}

/** Lying on one of four faces, or with `standing` probability on its base. */
export function restBoxed(standing: number): (random: Random) => Quaternion {
  return (random) =>
    random.chance(standing) ? new Quaternion() : lyingRolled((random.index(4) * Math.PI) / 2);
}

/** Lying on its front or its back: for flat things whose thickness runs along y. */
export function restFlat(random: Random): Quaternion {
  return new Quaternion().setFromAxisAngle(X, random.chance(0.5) ? Math.PI : 0);
}

export function lyingRolled(roll: number): Quaternion {
  const lie = new Quaternion().setFromAxisAngle(Z, -Math.PI / 2);
  return lie.multiply(new Quaternion().setFromAxisAngle(Y, roll));
}
