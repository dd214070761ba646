import { embeddingOf } from '../training/embedding.ts';

/**
 * A request with this header, whatever it says, is answered with it: where the picture lies among
 * others, as a vector of which each number is a signed byte, in Base64. Pictures of like things have
 * a large cosine. It means nothing to another backbone's. In a header, for the body is the service's.
 */
export const embeddingHeader = 'freshlane-embedding';

/** Signed bytes, so that it fits among the 8 kB that servers and proxies let headers have. */
export function embeddingValue(features: Float32Array): string {
  const embedding = embeddingOf(features);
  const most = embedding.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
  const bytes = Int8Array.from(embedding, (value) => Math.round((value / most) * 127));
  return Buffer.from(bytes.buffer).toString('base64');
}
