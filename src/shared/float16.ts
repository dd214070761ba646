const bits = new DataView(new ArrayBuffer(4));

function toHalf(value: number): number {
  bits.setFloat32(0, value);
  const single = bits.getUint32(0);
  const sign = (single >>> 16) & 0x8000;
  const exponent = ((single >>> 23) & 0xff) - 112;
  const mantissa = single & 0x7fffff;
  if (exponent >= 31) return sign | 0x7c00 | ((single & 0x7fffffff) > 0x7f800000 ? 0x200 : 0);
  if (exponent <= 0) {
    if (exponent < -10) return sign;
    const shift = 14 - exponent;
    const half = (mantissa | 0x800000) >>> shift;
    return sign | (half + (((mantissa | 0x800000) >>> (shift - 1)) & 1));
  }
  // A carry out of the mantissa moves into the exponent, which is the next number up.
  return (sign | (exponent << 10) | (mantissa >>> 13)) + ((mantissa >>> 12) & 1);
}

function fromHalf(half: number): number {
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  const sign = (half & 0x8000) << 16;
  if (exponent === 0) return (half & 0x8000 ? -1 : 1) * mantissa * 2 ** -24;
  bits.setInt32(0, sign | ((exponent === 31 ? 255 : exponent + 112) << 23) | (mantissa << 13));
  return bits.getFloat32(0);
}

/** IEEE 754 binary16, rounded to nearest; magnitudes over 65,504 become infinite. */
export function encodeFloat16(values: ArrayLike<number>): Uint16Array {
  const halves = new Uint16Array(values.length);
  for (let index = 0; index < halves.length; index += 1) halves[index] = toHalf(values[index] ?? 0);
  return halves;
}

export function decodeFloat16(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  for (let index = 0; index < values.length; index += 1) {
    values[index] = fromHalf(halves[index] ?? 0);
  }
  return values;
}
