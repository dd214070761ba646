import { expect, test } from 'vitest';
import { parseCatalogue } from './parse-catalogue.ts';

const header =
  'id,tag,name_en,name_de,group,sold_by,price,tare_grams,tax_percent,deposit,organic,plu,picture';
const good = 'banana,Banana,Banana,Banane,fruit,piece,0.29,,7,,no,4011,banana.png';
const parse = (...lines: string[]) => parseCatalogue(lines.join('\n'), 'EUR');

test('a line becomes a product with exact amounts', async () => {
  const { catalogue, problems } = await parse(
    header,
    'milk,Milk,Milk,Milch,drinks,piece,1.15,,7,0.25,no,,milk.png',
    'tomato,Tomato,Tomatoes,Tomaten,vegetables,weight,2.99,12,5.5,,yes,94064,',
  );
  expect(problems).toEqual([]);
  expect(catalogue.products).toEqual([
    {
      id: 'milk',
      tag: 'Milk',
      names: { en: 'Milk', de: 'Milch' },
      group: 'drinks',
      price: { kind: 'piece', priceMinor: 115 },
      taxBasisPoints: 700,
      depositMinor: 25,
      organic: false,
      plu: null,
      picture: 'milk.png',
    },
    {
      id: 'tomato',
      tag: 'Tomato',
      names: { en: 'Tomatoes', de: 'Tomaten' },
      group: 'vegetables',
      price: { kind: 'weight', pricePerKgMinor: 299, tareGrams: 12 },
      taxBasisPoints: 550,
      depositMinor: 0,
      organic: true,
      plu: '94064',
      picture: null,
    },
  ]);
});

test('only the required columns are needed, in any order', async () => {
  const { catalogue, problems } = await parse(
    'price,sold_by,tag,id,name_en,tax_percent',
    '3,piece,Soap,soap,Soap,19',
  );
  expect(problems).toEqual([]);
  expect(catalogue.products[0]).toMatchObject({
    names: { en: 'Soap' },
    group: 'other',
    price: { kind: 'piece', priceMinor: 300 },
  });
});

test.each([
  ['price', 'pear,B,B,,fruit,piece,0.295,,7,,,,', /price "0.295" is no amount in EUR/],
  ['no price', 'pear,B,B,,fruit,piece,,,7,,,,', /price "" is no amount/],
  ['negative price', 'pear,B,B,,fruit,piece,-1,,7,,,,', /price "-1" is no amount/],
  ['zero price', 'pear,B,B,,fruit,piece,0.00,,7,,,,', /price is zero/],
  ['sold_by', 'pear,B,B,,fruit,bunch,1,,7,,,,', /sold_by "bunch" is neither piece nor weight/],
  ['tax', 'pear,B,B,,fruit,piece,1,,107,,,,', /tax_percent "107"/],
  ['tax missing', 'pear,B,B,,fruit,piece,1,,,,,,', /tax_percent ""/],
  ['deposit', 'pear,B,B,,fruit,piece,1,,7,some,,,', /deposit "some" is no amount/],
  ['group', 'pear,B,B,,fruits,piece,1,,7,,,,', /group "fruits" is not known/],
  ['organic', 'pear,B,B,,fruit,piece,1,,7,,bio,,', /organic "bio" is neither yes nor no/],
  ['id', 'pe ar,B,B,,fruit,piece,1,,7,,,,', /id "pe ar"/],
  ['tag', 'pear,,B,,fruit,piece,1,,7,,,,', /tag is empty/],
  ['name', 'pear,B,,,fruit,piece,1,,7,,,,', /name_en is empty/],
  ['tare', 'pear,B,B,,fruit,weight,1,0.5,7,,,,', /tare_grams "0.5"/],
  ['tare of a piece', 'pear,B,B,,fruit,piece,1,5,7,,,,', /only for what is sold by weight/],
  ['PLU digits', 'pear,B,B,,fruit,piece,1,,7,,,401,', /"401" is no PLU/],
  ['organic PLU', 'pear,B,B,,fruit,piece,1,,7,,no,94012,', /PLU 94012 means organic/],
  ['PLU of organic', 'pear,B,B,,fruit,piece,1,,7,,yes,4012,', /9 before its PLU: 94012/],
  ['picture path', 'pear,B,B,,fruit,piece,1,,7,,,,../x.png', /picture "..\/x.png"/],
  ['too few fields', 'pear,B,B', /3 fields where the header has 13/],
  ['open quote', '"pear,B,B,,fruit,piece,1,,7,,,,', /quotation mark is not closed/],
])('a wrong %s is named with its line and is no product', async (_what, line, reason) => {
  const { catalogue, problems } = await parse(header, good, line);
  expect(catalogue.products.map(({ id }) => id)).toEqual(['banana']);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.line).toBe(3);
  expect(problems[0]?.reason).toMatch(reason);
});

test('all that is wrong with a line is told at once', async () => {
  const { problems } = await parse(header, 'x,,X,,fruit,bunch,abc,,7,,,1,');
  expect(problems.map(({ line }) => line)).toEqual([2, 2, 2, 2]);
});

test('an organic product may share the tag of a conventional one, and no two others a tag', async () => {
  const lemon = (id: string, tag: string, organic: string) =>
    `${id},${tag},Lemon,,fruit,piece,0.49,,7,,${organic},,`;
  const { catalogue, problems } = await parse(
    header,
    lemon('a', 'Lemon', 'no'),
    lemon('b', 'lemon', 'yes'),
    lemon('c', 'LEMON', 'no'),
    lemon('d', 'Lemon', 'yes'),
  );
  expect(catalogue.products.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(problems).toEqual([
    { line: 4, reason: 'tag "LEMON" of a conventional product is already on line 2' },
    { line: 5, reason: 'tag "Lemon" of an organic product is already on line 3' },
  ]);
});

test('ids, tags and PLUs are there once; the first line keeps them', async () => {
  const { catalogue, problems } = await parse(
    header,
    good,
    good.replace('Banana,Banana', 'Other,Other').replace('4011', '4012'),
    good.replace('banana,', 'banana2,').replace('4011', '4013'),
    good.replace('banana,Banana', 'banana3,Banana3'),
  );
  expect(catalogue.products.map(({ id }) => id)).toEqual(['banana']);
  expect(problems).toEqual([
    { line: 3, reason: 'id "banana" is already on line 2' },
    { line: 4, reason: 'tag "Banana" of a conventional product is already on line 2' },
    { line: 5, reason: 'plu "4011" is already on line 2' },
  ]);
});

test('lines are counted as an editor counts them', async () => {
  const { problems } = await parse(
    header,
    '',
    good.replace(',Banana,Banane', ',"Ba\nnana",Banane'),
    'bad',
  );
  expect(problems).toEqual([{ line: 5, reason: '1 fields where the header has 13' }]);
  const windows = await parseCatalogue([header, good, 'bad'].join('\r\n'), 'EUR');
  expect(windows.problems.map(({ line }) => line)).toEqual([3]);
});

test('reads what a spreadsheet saves: a byte order mark, semicolons, decimal commas', async () => {
  const text = `\uFEFF${header}\r\n${good}\r\n`.replaceAll(',', ';').replace('0.29', '0,29');
  const { catalogue, problems } = await parseCatalogue(text, 'EUR');
  expect(problems).toEqual([]);
  expect(catalogue.products[0]?.price).toEqual({ kind: 'piece', priceMinor: 29 });
});

test.each([
  ['an empty file', '', /the file is empty/],
  ['only a byte order mark', '\uFEFF\n', /the file is empty/],
  ['no text', 'id\0tag', /no text/],
  ['an unknown column', `${header},colour`, /column "colour" is not known/],
  [
    'a missing column',
    header.replace('price', 'plu').replace('plu,picture', 'picture'),
    /"price" is missing/,
  ],
  ['a column twice', `${header},plu`, /"plu" is there twice/],
  ['no header', good, /column "banana" is not known/],
  ['no products', header, /has no products/],
])('%s is named', async (_what, text, reason) => {
  const parsed = await parseCatalogue(text, 'EUR');
  expect(parsed.catalogue.products).toEqual([]);
  expect(parsed.problems).toHaveLength(1);
  expect(parsed.problems[0]?.reason).toMatch(reason);
});

test('an unknown currency is named', async () => {
  const { problems } = await parseCatalogue(`${header}\n${good}`, 'EURO');
  expect(problems[0]?.reason).toMatch(/"EURO"/);
});

test('a large file leaves its thread free again and again', async () => {
  const lines = Array.from({ length: 5000 }, (_, n) => `p${n},T${n},"P ${n}",piece,1,7`);
  lines[4321] = 'bad';
  let turns = 0;
  let parsing = true;
  const count = (): void => {
    turns += 1;
    if (parsing) setImmediate(count);
  };
  setImmediate(count);
  const { catalogue, problems } = await parse('id,tag,name_en,sold_by,price,tax_percent', ...lines);
  parsing = false;
  expect(catalogue.products).toHaveLength(4999);
  expect(problems).toEqual([{ line: 4323, reason: '1 fields where the header has 6' }]);
  expect(turns).toBeGreaterThan(90);
});
