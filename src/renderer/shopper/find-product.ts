import type { LookupEntry } from '../../shared/contracts/shopper.ts';
import { nameIn } from '../../shared/language.ts';
import type { Language } from '../../shared/language.ts';

/** Lower case without accents, so that "cafe" finds "Café" and "strasse" finds "Straße". */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll('ẞ', 'ss')
    .toLowerCase()
    .trim();
}

/** Best first: names that begin so, then a word that begins so, then anywhere. None for no text. */
export function findByName(
  entries: readonly LookupEntry[],
  text: string,
  language: Language,
): readonly LookupEntry[] {
  const wanted = plain(text);
  if (wanted === '') return [];
  const rank = (name: string): number => {
    if (name.startsWith(wanted)) return 0;
    if (name.split(/[\s-]+/).some((word) => word.startsWith(wanted))) return 1;
    return name.includes(wanted) ? 2 : 3;
  };
  return entries
    .map((entry) => ({ entry, name: plain(nameIn(entry.names, language)) }))
    .map(({ entry, name }) => ({ entry, name, rank: rank(name) }))
    .filter((found) => found.rank < 3)
    .sort((one, other) => one.rank - other.rank || one.name.localeCompare(other.name, language))
    .map(({ entry }) => entry);
}

/** The product of a PLU code typed in full; 9 in front of four digits is its organic sister. */
export function findByPlu(entries: readonly LookupEntry[], code: string): LookupEntry | null {
  return entries.find((entry) => entry.plu !== null && entry.plu === code) ?? null;
}

/** True while more digits could still lead to a product or to a five-digit code. */
export function isPluPrefix(entries: readonly LookupEntry[], code: string): boolean {
  return code.length < 4 || entries.some((entry) => entry.plu?.startsWith(code) === true);
}
