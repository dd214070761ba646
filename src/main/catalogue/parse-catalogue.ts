import { setImmediate } from 'node:timers/promises';
import Papa from 'papaparse';
import type { Catalogue, Price, Product, ProductGroup } from '../../shared/catalogue.ts';
import { fallbackLanguage, languageCodes } from '../../shared/language.ts';
import type { Language, LocalNames } from '../../shared/language.ts';
import { isKnownCurrency, minorDigits, parseMinor } from '../../shared/money.ts';
import { pluProblem } from './plu.ts';
import { tagKey } from './tag-key.ts';

/** What is wrong, in words for whoever edits the file; `line` counts from 1, null for the whole file. */
export interface CatalogueProblem {
  readonly line: number | null;
  readonly reason: string;
}

export interface ParsedCatalogue {
  /** The good lines, for a shop that keeps them beside bad ones; empty where the file as a whole cannot be read. */
  readonly catalogue: Catalogue;
  readonly problems: readonly CatalogueProblem[];
}

const nameColumn = <L extends Language>(language: L): `name_${L}` => `name_${language}`;
const fallbackName = nameColumn(fallbackLanguage);

const requiredColumns = ['id', 'tag', fallbackName, 'sold_by', 'price', 'tax_percent'] as const;
const optionalColumns = [
  ...languageCodes.filter((language) => language !== fallbackLanguage).map(nameColumn),
  'group',
  'tare_grams',
  'deposit',
  'organic',
  'plu',
  'picture',
] as const;

type Column = (typeof requiredColumns)[number] | (typeof optionalColumns)[number];
type Cells = Readonly<Record<Column, string>>;
type DecimalMark = '.' | ',';
type LineBreak = '\n' | '\r' | '\r\n';

const columns: ReadonlySet<string> = new Set([...requiredColumns, ...optionalColumns]);
const groups: ReadonlySet<string> = new Set([
  'fruit',
  'vegetables',
  'drinks',
  'pantry',
  'other',
] satisfies ProductGroup[]);

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
  readonly quoteProblem: string | null;
}

/** So few that each piece takes a few milliseconds, also before the code is warm. */
const linesAtOnce = 50;

/**
 * Reads a catalogue from CSV with a header line; prices are in `currency` and include tax. Commas,
 * semicolons or tabs separate; with semicolons the decimal mark is a comma or a point. Nothing is
 * guessed: a line that is not wholly understood is a problem and no product. One tag may mean a
 * conventional product and an organic one, which look alike: the shopper is asked which it is. It
 * is read in pieces, so that its thread stays free for others.
 */
export async function parseCatalogue(text: string, currency: string): Promise<ParsedCatalogue> {
  const unusable = (reason: string, line: number | null = null): ParsedCatalogue => ({
    catalogue: { currency, products: [] },
    problems: [{ line, reason }],
  });
  if (!isKnownCurrency(currency)) return unusable(`the currency "${currency}" is not known`);
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (source.includes('\0')) return unusable('the file is no text');
  const pieces = rowsOf(source);
  const [header, ...rows] = pieces.next().value ?? [];
  if (header === undefined) return unusable('the file is empty');

  const names = header.cells.map((cell) => cell.trim().toLowerCase());
  const headerReason = headerProblem(names);
  if (headerReason !== null) return unusable(headerReason, header.line);

  const products: Product[] = [];
  const problems: CatalogueProblem[] = [];
  /** The line of each part that is there once. */
  const taken = new Map<string, number>();
  const decimalMarks: readonly DecimalMark[] = separatorOf(source) === ';' ? [',', '.'] : ['.'];

  const read = ({ line, cells, quoteProblem }: Row): void => {
    const reasons: string[] = [];
    if (quoteProblem !== null) {
      reasons.push(quoteProblem);
    } else if (cells.length !== names.length) {
      reasons.push(`${cells.length} fields where the header has ${names.length}`);
    } else {
      const product = productOf(cellsByName(names, cells), currency, decimalMarks, reasons);
      for (const { key, said } of uniqueParts(product)) {
        const before = taken.get(key);
        if (before !== undefined) reasons.push(`${said} is already on line ${before}`);
      }
      if (reasons.length === 0) {
        for (const { key } of uniqueParts(product)) taken.set(key, line);
        products.push(product);
      }
    }
    problems.push(...reasons.map((reason) => ({ line, reason })));
  };
  let count = 0;
  for (let piece = rows; ;) {
    piece.forEach(read);
    count += piece.length;
    await setImmediate();
    const next = pieces.next();
    if (next.done === true) break;
    piece = next.value;
  }
  if (count === 0) problems.push({ line: null, reason: 'the file has no products' });
  return { catalogue: { currency, products }, problems };
}

function uniqueParts({
  id,
  tag,
  plu,
  organic,
}: Product): readonly { readonly key: string; readonly said: string }[] {
  const kind = organic ? 'an organic product' : 'a conventional product';
  return [
    { key: `id ${id}`, said: `id "${id}"` },
    { key: `tag ${organic} ${tagKey(tag)}`, said: `tag "${tag}" of ${kind}` },
    ...(plu === null ? [] : [{ key: `plu ${plu}`, said: `plu "${plu}"` }]),
  ];
}

function separatorOf(source: string): ',' | ';' | '\t' {
  const [firstLine = ''] = source.split(/\r\n|\r|\n/, 1);
  const count = (mark: string): number => firstLine.split(mark).length;
  if (count(';') > count(',') && count(';') > count('\t')) return ';';
  return count('\t') > count(',') ? '\t' : ',';
}

/** Papa would look for it through the whole file, each time. */
function lineBreakOf(source: string): LineBreak {
  const first = source.search(/[\r\n]/);
  if (source[first] !== '\r') return '\n';
  return source[first + 1] === '\n' ? '\r\n' : '\r';
}

/** Rows with something in them, some at a time, each with the line of the file that it begins on. */
function* rowsOf(source: string): Generator<Row[], undefined> {
  const delimiter = separatorOf(source);
  const newline = lineBreakOf(source);
  let line = 1;
  let start = 0;
  let rows: Row[] = [];
  while (start < source.length) {
    const rest = source.slice(start);
    let read = 0;
    let seen = 0;
    Papa.parse<string[]>(rest, {
      delimiter,
      newline,
      // Without quotation marks Papa would split all that is left, and take up to the end.
      fastMode: false,
      step: ({ data, errors, meta }, parser) => {
        if (data.some((cell) => cell.trim() !== '')) {
          const quote = errors.find(({ type }) => type === 'Quotes');
          rows.push({
            line,
            cells: data,
            quoteProblem: quote ? 'a quotation mark is not closed' : null,
          });
        }
        line += rest.slice(read, meta.cursor).split(/\r\n|\r|\n/).length - 1;
        read = meta.cursor;
        seen += 1;
        if (seen >= linesAtOnce) parser.abort();
      },
    });
    if (read === 0) break;
    start += read;
    if (rows.length === 0) continue;
    yield rows;
    rows = [];
  }
}

function headerProblem(names: readonly string[]): string | null {
  const unknown = names.find((name) => !columns.has(name));
  if (unknown !== undefined) {
    return `the column "${unknown}" is not known; known are ${[...columns].join(', ')}`;
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `the column "${twice}" is there twice`;
  const missing = requiredColumns.find((name) => !names.includes(name));
  return missing === undefined ? null : `the column "${missing}" is missing`;
}

function cellsByName(names: readonly string[], cells: readonly string[]): Cells {
  const found = new Map(names.map((name, index) => [name, cells[index]?.trim() ?? '']));
  const all = [...requiredColumns, ...optionalColumns].map((name) => [name, found.get(name) ?? '']);
  return Object.fromEntries(all) as Cells;
}

function productOf(
  cells: Cells,
  currency: string,
  decimalMarks: readonly DecimalMark[],
  reasons: string[],
): Product {
  const amount = (column: 'price' | 'deposit'): number => {
    for (const mark of decimalMarks) {
      const minor = parseMinor(cells[column], currency, mark);
      if (minor !== null) return minor;
    }
    const places = minorDigits(currency);
    reasons.push(
      `${column} "${cells[column]}" is no amount in ${currency} (digits, at most ${places} after the decimal mark)`,
    );
    return 0;
  };
  if (!/^[\w.-]{1,64}$/.test(cells.id)) {
    reasons.push(`id "${cells.id}" is not 1 to 64 letters, digits, dots, dashes or underscores`);
  }
  if (cells.tag === '') reasons.push('tag is empty');
  if (cells[fallbackName] === '') reasons.push(`${fallbackName} is empty`);
  const group = cells.group === '' ? 'other' : cells.group.toLowerCase();
  if (!groups.has(group)) {
    reasons.push(`group "${cells.group}" is not known; known are ${[...groups].join(', ')}`);
  }
  const organic = yesOrNo(cells.organic, reasons);
  const pluReason = cells.plu === '' ? null : pluProblem(cells.plu, organic);
  if (pluReason !== null) reasons.push(pluReason);
  // A file name only: the picture folder is not to be left.
  if (cells.picture !== '' && !/^\w[\w.-]*\.(png|jpe?g|webp|svg)$/i.test(cells.picture)) {
    reasons.push(`picture "${cells.picture}" is no name of a PNG, JPEG, WebP or SVG file`);
  }
  const price = priceOf(cells, amount, reasons);
  return {
    id: cells.id,
    tag: cells.tag,
    names: namesOf(cells),
    group: group as ProductGroup,
    price,
    taxBasisPoints: basisPoints(cells.tax_percent, decimalMarks, reasons),
    depositMinor: cells.deposit === '' ? 0 : amount('deposit'),
    organic,
    plu: cells.plu === '' ? null : cells.plu,
    picture: cells.picture === '' ? null : cells.picture,
  };
}

function namesOf(cells: Cells): LocalNames {
  const named = languageCodes
    .map((language) => [language, cells[nameColumn(language)]] as const)
    .filter(([, name]) => name !== '');
  return { [fallbackLanguage]: cells[fallbackName], ...Object.fromEntries(named) };
}

function priceOf(cells: Cells, amount: (column: 'price') => number, reasons: string[]): Price {
  const before = reasons.length;
  const minor = amount('price');
  if (minor === 0 && reasons.length === before) reasons.push('price is zero');
  if (cells.sold_by === 'weight') {
    const tare = cells.tare_grams === '' ? '0' : cells.tare_grams;
    if (!/^\d{1,5}$/.test(tare)) reasons.push(`tare_grams "${tare}" is no number of whole grams`);
    return { kind: 'weight', pricePerKgMinor: minor, tareGrams: Number(tare) };
  }
  if (cells.sold_by !== 'piece') {
    reasons.push(`sold_by "${cells.sold_by}" is neither piece nor weight`);
  } else if (cells.tare_grams !== '' && cells.tare_grams !== '0') {
    reasons.push('tare_grams is only for what is sold by weight');
  }
  return { kind: 'piece', priceMinor: minor };
}

function basisPoints(
  text: string,
  decimalMarks: readonly DecimalMark[],
  reasons: string[],
): number {
  const normal = decimalMarks.includes(',') ? text.replace(',', '.') : text;
  const match = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(normal);
  const points = match === null ? Number.NaN : Number(match[1] + (match[2] ?? '').padEnd(2, '0'));
  if (points <= 10_000) return points;
  reasons.push(`tax_percent "${text}" is no rate from 0 to 100 with at most two places`);
  return 0;
}

function yesOrNo(text: string, reasons: string[]): boolean {
  const word = text.toLowerCase();
  if (['yes', 'true', '1'].includes(word)) return true;
  if (!['', 'no', 'false', '0'].includes(word))
    reasons.push(`organic "${text}" is neither yes nor no`);
  return false;
}
