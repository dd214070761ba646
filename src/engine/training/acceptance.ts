/**
 * How likely a tag accepts what is seen: a picture whose embedding is as near to a prototype of the
 * tag as `threshold` passes by half, `width` says how steeply that changes. Each tag has its own, as
 * lemons are all alike, and cartons are not: what would be far for the one is near for the other.
 */
export interface Acceptance {
  readonly threshold: number;
  readonly width: number;
}

export function acceptanceOf(acceptance: Acceptance, nearness: number): number {
  return 1 / (1 + Math.exp(-(nearness - acceptance.threshold) / acceptance.width));
}

const knownToPass = 0.03;
const outOfDistributionToPass = 0.02;
/** It is 95% at the end of the known and 5% at that of the others: ln(0.95 / 0.05). */
const logOdds = Math.log(19);
/** Steeper ones would tell more than the nearness of some photos can. */
const narrowest = 0.06;
/** The threshold never sinks below this share of the known end: others may be nearer. */
const leastOfKnown = 0.6;
/** Nor does it rise over this one: what was held out does not show the last of the known. */
const mostOfKnown = 0.85;
/** Groceries of different kinds are often as near as that: no tag accepts them for that. */
const leastThreshold = 0.3;
/** With so many photos a tag's own spread and that of all tags count the same. */
const photosToTrust = 8;

export interface TagNearness {
  /** Of the tag's own photos that were held out. */
  readonly known: readonly number[];
  /** Of photos of other tags, each to that other tag which it is nearest to. */
  readonly outOfDistribution: readonly number[];
}

/**
 * Sets each tag's acceptance between the nearness of its own photos and that of photos that are out of
 * its distribution. Where they overlap the known ones decide, for the classifier tells tags apart that
 * look alike.
 */
export function fitAcceptances(tags: readonly TagNearness[]): Acceptance[] {
  const middles = tags.map(({ known }) => quantile(known, 0.5));
  // Few photos do not show how far a tag's own may lie: all tags together do.
  const usual = quantile(
    tags.flatMap(({ known }, tag) => known.map((one) => one / Math.max(middles[tag]!, narrowest))),
    knownToPass,
  );
  return tags.map(({ known, outOfDistribution }, tag) => {
    if (known.length === 0) return { threshold: 1, width: narrowest };
    const trust = known.length / (known.length + photosToTrust);
    const low = trust * quantile(known, knownToPass) + (1 - trust) * usual * middles[tag]!;
    const highOutside =
      outOfDistribution.length > 0 ? quantile(outOfDistribution, 1 - outOfDistributionToPass) : -1;
    const between = (low + highOutside) / 2;
    const ofKnown = Math.min(Math.max(between, leastOfKnown * low), mostOfKnown * low);
    const threshold = Math.max(ofKnown, leastThreshold);
    return { threshold, width: Math.max((low - threshold) / logOdds, narrowest) };
  });
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}
