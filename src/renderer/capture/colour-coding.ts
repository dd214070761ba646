import type { ColourCoding } from '../../shared/thumb.ts';

type ColorSpace = Pick<VideoFrame['colorSpace'], 'matrix' | 'fullRange'>;

// https://www.w3.org/TR/webcodecs/#videomatrixcoefficients; newer ones than TypeScript's too.
const matrices: Readonly<Record<string, ColourCoding['matrix']>> = {
  bt709: 'bt709',
  'bt2020-ncl': 'bt2020',
};

/**
 * How a frame's colours are coded, as far as it says. What it does not say is taken for what most
 * webcams send, a JPEG's: BT.601 at full range.
 */
export function codingOf({ matrix, fullRange }: ColorSpace): ColourCoding {
  return { matrix: matrices[matrix ?? ''] ?? 'bt601', fullRange: fullRange ?? true };
}
