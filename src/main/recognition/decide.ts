import type { Catalogue, Product } from '../../shared/catalogue.ts';
import { tagKey } from '../catalogue/tag-key.ts';
import type { DecisionThresholds } from '../settings/recognition-settings.ts';
import type { Decision, Prediction } from './recognition.ts';

const mostCandidates = 4;
/** Under this a suggestion would be noise at the head of the lookup. */
const suggestProbability = 0.05;

/**
 * What the shop makes of an answer.
 *
 * - accept: the likeliest tag means exactly one product, with at least `acceptProbability` and at
 *   least `acceptGap` before the runner-up, whatever that is.
 * - ask: the likeliest tag means a product with at least `askProbability`, and there is another
 *   one to choose from. Products that share a tag are twins which vision cannot tell apart, such as
 *   organic beside conventional: they are asked about together, however sure the tag is.
 * - unknown: all else. A tag that no product has, or a negative one, counts as a rival like any
 *   other; where it leads, nothing behind it is accepted or asked about, only suggested.
 *
 * A number that is no probability makes the whole answer doubtful: it is never accepted.
 */
export function decide(
  predictions: readonly Prediction[],
  catalogue: Catalogue,
  thresholds: DecisionThresholds,
): Decision {
  const { ranking, sound } = rank(predictions, productsByTag(catalogue));
  const [leader, runnerUp] = ranking;
  const products = ranking.flatMap((entry) =>
    entry.products.map(({ id }) => ({ productId: id, probability: entry.probability })),
  );
  const unknown: Decision = {
    kind: 'unknown',
    suggestions: products
      .filter(({ probability }) => probability >= suggestProbability)
      .slice(0, mostCandidates),
  };
  if (leader === undefined || leader.products.length === 0) return unknown;

  const gap = leader.probability - (runnerUp?.probability ?? 0);
  const isSure =
    sound && leader.probability >= thresholds.acceptProbability && gap >= thresholds.acceptGap;
  const [product, ...twins] = leader.products;
  if (isSure && product !== undefined && twins.length === 0) {
    return { kind: 'accept', productId: product.id, probability: leader.probability };
  }
  if (leader.probability < thresholds.askProbability) return unknown;
  const plausible = isSure
    ? products.slice(0, leader.products.length)
    : products.filter(({ probability }) => probability >= thresholds.askProbability);
  // One alone is no question: the next likely one stands beside it.
  const candidates = plausible.length > 1 ? plausible : products.slice(0, 2);
  return candidates.length > 1
    ? { kind: 'ask', candidates: candidates.slice(0, mostCandidates) }
    : unknown;
}

/**
 * What is asked about a thing that may be nothing new, however sure the answer is: what would be
 * accepted is a question, beside the next likely product.
 */
export function questionOf(
  decision: Decision,
  predictions: readonly Prediction[],
  catalogue: Catalogue,
): Exclude<Decision, { kind: 'accept' }> {
  if (decision.kind !== 'accept') return decision;
  const { ranking } = rank(predictions, productsByTag(catalogue));
  const candidates = ranking
    .flatMap(({ products, probability }) =>
      products.map(({ id }) => ({ productId: id, probability })),
    )
    .slice(0, 2);
  return candidates.length > 1
    ? { kind: 'ask', candidates }
    : { kind: 'unknown', suggestions: candidates };
}

interface Entry {
  readonly tag: string;
  readonly probability: number;
  /** Empty where no product has the tag, or where it stands for "none of these". */
  readonly products: readonly Product[];
}

function rank(
  predictions: readonly Prediction[],
  products: ReadonlyMap<string, readonly Product[]>,
): { readonly ranking: readonly Entry[]; readonly sound: boolean } {
  const byTag = new Map<string, Entry>();
  let sound = true;
  for (const { tagName, tagType, probability } of predictions) {
    if (!(probability >= 0 && probability <= 1)) {
      sound = false;
      continue;
    }
    const tag = tagKey(tagName);
    const known = byTag.get(tag);
    if (known && known.probability >= probability) continue;
    byTag.set(tag, {
      tag,
      probability,
      products: tagType === 'Negative' ? [] : (products.get(tag) ?? []),
    });
  }
  const ranking = [...byTag.values()].sort(
    (one, other) =>
      other.probability - one.probability ||
      // Of equals, what is no product goes first: doubt is not resolved by the alphabet.
      Math.sign(one.products.length) - Math.sign(other.products.length) ||
      (one.tag < other.tag ? -1 : 1),
  );
  return { ranking, sound };
}

const tagIndexes = new WeakMap<Catalogue, ReadonlyMap<string, readonly Product[]>>();

/** Built once for each catalogue; of twins the conventional one goes first. */
function productsByTag(catalogue: Catalogue): ReadonlyMap<string, readonly Product[]> {
  const known = tagIndexes.get(catalogue);
  if (known) return known;
  const index = new Map<string, Product[]>();
  for (const product of catalogue.products) {
    const tag = tagKey(product.tag);
    if (tag === '') continue;
    const sharing = index.get(tag);
    if (sharing) sharing.push(product);
    else index.set(tag, [product]);
  }
  for (const sharing of index.values()) {
    sharing.sort((one, other) => Number(one.organic) - Number(other.organic));
  }
  tagIndexes.set(catalogue, index);
  return index;
}
