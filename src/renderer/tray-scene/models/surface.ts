import { BufferAttribute, BufferGeometry, Vector3 } from 'three';

export type Spine = (along: number) => Vector3;

/**
 * A closed skin of `around` × `along` quads; `at(u, v)` writes the point for u (0 to 1 around) and
 * v (0 to 1 along). Normals are joined over the seam and at both ends.
 */
export function skin(
  around: number,
  along: number,
  at: (u: number, v: number, point: Vector3) => void,
): BufferGeometry {
  const columns = around + 1;
  const positions = new Float32Array(columns * (along + 1) * 3);
  const uvs = new Float32Array(columns * (along + 1) * 2);
  const point = new Vector3();
  for (let j = 0; j <= along; j += 1) {
    for (let i = 0; i <= around; i += 1) {
      const n = j * columns + i;
      at((i % around) / around, j / along, point);
      point.toArray(positions, n * 3);
      uvs[n * 2] = i / around;
      uvs[n * 2 + 1] = j / along;
    }
  }
  const indices: number[] = [];
  for (let j = 0; j < along; j += 1) {
    for (let i = 0; i < around; i += 1) {
      const a = j * columns + i;
      const b = a + columns;
      indices.push(a, b, a + 1, b, b + 1, a + 1);
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(positions, 3));
  geometry.setAttribute('uv', new BufferAttribute(uvs, 2));
  geometry.setIndex(indices);
  geometry.computeVertexNormals();
  joinNormals(geometry, columns, along + 1);
  return geometry;
}

function joinNormals(geometry: BufferGeometry, columns: number, rows: number): void {
  const normals = geometry.getAttribute('normal');
  const positions = geometry.getAttribute('position');
  const sum = new Vector3();
  const normal = new Vector3();
  const corner = new Vector3();
  for (let j = 0; j < rows; j += 1) {
    const first = j * columns;
    const last = first + columns - 1;
    sum.fromBufferAttribute(normals, first).add(normal.fromBufferAttribute(normals, last));
    sum.normalize();
    normals.setXYZ(first, sum.x, sum.y, sum.z);
    normals.setXYZ(last, sum.x, sum.y, sum.z);
  }
  for (const j of [0, rows - 1]) {
    const first = j * columns;
    const half = first + (columns >> 1);
    corner.fromBufferAttribute(positions, first);
    if (corner.distanceTo(normal.fromBufferAttribute(positions, half)) > 1e-4) continue;
    sum.set(0, 0, 0);
    for (let i = 0; i < columns - 1; i += 1) {
      sum.add(normal.fromBufferAttribute(normals, first + i));
    }
    sum.normalize();
    for (let i = 0; i < columns; i += 1) normals.setXYZ(first + i, sum.x, sum.y, sum.z);
  }
}

let detail = 1;

/**
 * Builds at a share of the full number of quads: a piece that is drawn small costs far more when
 * its triangles are smaller than the pixels. Counts of `skin` itself stay as given.
 */
export function atDetail<T>(share: number, build: () => T): T {
  const before = detail;
  detail = share;
  try {
    return build();
  } finally {
    detail = before;
  }
}

function scaled(count: number): number {
  return Math.max(6, Math.round(count * detail));
}

/** A body turned about the upright axis; `profile` gives radius and height, `shape` dents it. */
export function turned(
  around: number,
  along: number,
  profile: (v: number) => { radius: number; y: number },
  shape: (angle: number, v: number) => { radius: number; lift: number } = () => ({
    radius: 1,
    lift: 0,
  }),
): BufferGeometry {
  return skin(scaled(around), scaled(along), (u, v, point) => {
    const angle = u * 2 * Math.PI;
    const at = profile(v);
    const dent = shape(angle, v);
    const radius = at.radius * dent.radius;
    point.set(Math.cos(angle) * radius, at.y + dent.lift, Math.sin(angle) * radius);
  });
}

/** A skin drawn along a line; `up` must never run along the line itself. */
export function swept(
  around: number,
  along: number,
  spine: Spine,
  radius: (v: number, angle: number) => number,
  up: Vector3,
): BufferGeometry {
  const middle = new Vector3();
  const ahead = new Vector3();
  const side = new Vector3();
  const other = new Vector3();
  const step = 1e-3;
  return skin(scaled(around), scaled(along), (u, v, point) => {
    const angle = u * 2 * Math.PI;
    middle.copy(spine(v));
    ahead.copy(spine(Math.min(1, v + step))).sub(spine(Math.max(0, v - step)));
    ahead.normalize();
    side.crossVectors(up, ahead).normalize();
    other.crossVectors(side, ahead);
    const r = radius(v, angle);
    point
      .copy(middle)
      .addScaledVector(side, Math.cos(angle) * r)
      .addScaledVector(other, Math.sin(angle) * r);
  });
}

/** 0 below `from`, 1 above `to`, smooth between. */
export function smooth(from: number, to: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

/** A smooth curve through points of rising x; for profiles that have no formula. */
export function curve(points: readonly (readonly [number, number])[]): (x: number) => number {
  const slopes = points.map((_, i) => {
    const before = points[Math.max(0, i - 1)] ?? [0, 0];
    const after = points[Math.min(points.length - 1, i + 1)] ?? [1, 0];
    return (after[1] - before[1]) / (after[0] - before[0]);
  });
  return (x) => {
    let i = points.length - 2;
    while (i > 0 && x < (points[i]?.[0] ?? 0)) i -= 1;
    const [x0, y0] = points[i] ?? [0, 0];
    const [x1, y1] = points[i + 1] ?? [1, 0];
    const h = x1 - x0;
    const t = Math.min(1, Math.max(0, (x - x0) / h));
    const t2 = t * t;
    const t3 = t2 * t;
    return (
      (2 * t3 - 3 * t2 + 1) * y0 +
      (t3 - 2 * t2 + t) * h * (slopes[i] ?? 0) +
      (-2 * t3 + 3 * t2) * y1 +
      (t3 - t2) * h * (slopes[i + 1] ?? 0)
    );
  };
}
