import type { LookupEntry } from '../../src/shared/contracts/shopper.ts';
import type { Price, ProductGroup } from '../../src/shared/catalogue.ts';
import type { LocalNames } from '../../src/shared/language.ts';
import type { CartView, Display, LineView, Screen, Snapshot } from '../../src/shared/snapshot.ts';
import type { Language } from '../../src/shared/language.ts';

const pictures: Readonly<Record<string, string>> = import.meta.glob(
  '../../assets/products/*.webp',
  { eager: true, query: '?url', import: 'default' },
);

export function pictureUrl(id: string): string | null {
  return pictures[`../../assets/products/${id}.webp`] ?? null;
}

function entry(
  productId: string,
  names: LocalNames,
  group: ProductGroup,
  price: Price,
  more: { readonly plu?: string; readonly organic?: boolean; readonly picture?: string } = {},
): LookupEntry {
  return {
    productId,
    names,
    group,
    price,
    plu: more.plu ?? null,
    organic: more.organic ?? false,
    pictureUrl: pictureUrl(more.picture ?? productId),
  };
}

const piece = (priceMinor: number): Price => ({ kind: 'piece', priceMinor });
const perKg = (pricePerKgMinor: number): Price => ({
  kind: 'weight',
  pricePerKgMinor,
  tareGrams: 0,
});

export const products: readonly LookupEntry[] = [
  entry('banana', { en: 'Bananas', de: 'Bananen' }, 'fruit', piece(40), { plu: '4011' }),
  entry('banana-organic', { en: 'Bananas', de: 'Bananen' }, 'fruit', piece(55), {
    plu: '94011',
    organic: true,
    picture: 'banana',
  }),
  entry('red-apple', { en: 'Red apple', de: 'Roter Apfel' }, 'fruit', piece(60), { plu: '4015' }),
  entry('green-apple', { en: 'Granny Smith', de: 'Granny Smith' }, 'fruit', piece(55), {
    plu: '4017',
  }),
  entry('orange', { en: 'Orange', de: 'Orange' }, 'fruit', piece(70), { plu: '4012' }),
  entry('lemon', { en: 'Lemon', de: 'Zitrone' }, 'fruit', piece(45), { plu: '4053' }),
  entry('avocado', { en: 'Avocado', de: 'Avocado' }, 'fruit', piece(149), { plu: '4046' }),
  entry('tomato', { en: 'Vine tomatoes', de: 'Rispentomaten' }, 'vegetables', perKg(290), {
    plu: '4664',
  }),
  entry('carrot', { en: 'Carrots', de: 'Karotten' }, 'vegetables', perKg(159), { plu: '4562' }),
  entry('red-pepper', { en: 'Red pepper', de: 'Rote Paprika' }, 'vegetables', piece(89), {
    plu: '4688',
  }),
  entry('cucumber', { en: 'Cucumber', de: 'Salatgurke' }, 'vegetables', piece(99), {
    plu: '4062',
  }),
  entry('aubergine', { en: 'Aubergine', de: 'Aubergine' }, 'vegetables', piece(139), {
    plu: '4081',
  }),
  entry('milk', { en: 'Standard milk 1 l', de: 'Vollmilch 1 l' }, 'drinks', piece(149)),
  entry(
    'orange-juice',
    { en: 'Orange juice, not from concentrate 1 l', de: 'Orangendirektsaft mit Fruchtfleisch 1 l' },
    'drinks',
    piece(279),
  ),
  entry(
    'baked-beans',
    { en: 'Baked beans 415 g', de: 'Gebackene Bohnen 415 g' },
    'pantry',
    piece(119),
  ),
  entry(
    'chopped-tomatoes',
    { en: 'Chopped tomatoes 400 g', de: 'Gehackte Tomaten 400 g' },
    'pantry',
    piece(95),
  ),
  entry('pasta', { en: 'Pasta 500 g', de: 'Nudeln 500 g' }, 'pantry', piece(129)),
];

function product(productId: string): LookupEntry {
  const found = products.find((candidate) => candidate.productId === productId);
  if (found === undefined) throw new Error(`no such product: ${productId}`);
  return found;
}

interface LineWish {
  readonly quantity?: number;
  readonly weightGrams?: number;
  readonly depositMinor?: number;
  readonly removed?: boolean;
}

function line(productId: string, wish: LineWish = {}): LineView {
  const { names, price, pictureUrl: picture } = product(productId);
  const { quantity = 1, weightGrams = null, depositMinor = 0, removed = false } = wish;
  const goodsMinor =
    price.kind === 'piece'
      ? price.priceMinor * quantity
      : Math.round(((weightGrams ?? 0) * price.pricePerKgMinor) / 1000);
  return {
    lineId: `line-${productId}`,
    productId,
    names,
    price,
    quantity,
    weightGrams,
    depositMinor,
    amountMinor: goodsMinor + depositMinor * quantity,
    pictureUrl: picture,
    photoUrl: null,
    removed,
  };
}

/** Given newest first, as they are seen; a cart keeps them in the order in which they came. */
function cartOf(seen: readonly LineView[]): CartView {
  const lines = seen.toReversed();
  const counted = lines.filter((each) => !each.removed);
  const totalMinor = counted.reduce((sum, each) => sum + each.amountMinor, 0);
  return {
    lines,
    itemCount: counted.reduce((sum, each) => sum + each.quantity, 0),
    totalMinor,
    taxes: [
      { basisPoints: 700, grossMinor: totalMinor, taxMinor: Math.round((totalMinor * 7) / 107) },
    ],
    canUndo: lines.length > 0,
  };
}

const fourLines = [
  line('banana', { quantity: 3 }),
  line('milk', { depositMinor: 25 }),
  line('red-pepper', { quantity: 2 }),
  line('tomato', { weightGrams: 412 }),
];

const longCart = [
  line('orange-juice', { quantity: 12, depositMinor: 25 }),
  line('banana', { quantity: 3 }),
  line('milk', { depositMinor: 25 }),
  line('red-pepper', { quantity: 2 }),
  line('tomato', { weightGrams: 1412 }),
  line('baked-beans', { quantity: 4 }),
  line('chopped-tomatoes', { quantity: 6 }),
  line('pasta', { quantity: 2 }),
  line('cucumber'),
  line('avocado', { quantity: 2 }),
  line('aubergine'),
];

const empty = cartOf([]);
const someCart = cartOf(fourLines);

const region = { left: 0.28, top: 0.2, width: 0.44, height: 0.6 };

function latest(productId: string, addedMinor: number): Extract<Screen, { kind: 'cart' }> {
  return {
    kind: 'cart',
    looking: false,
    latest: {
      lineId: `line-${productId}`,
      names: product(productId).names,
      addedMinor,
      region,
      photoUrl: null,
    },
  };
}

export interface Scene {
  readonly screen: Screen;
  readonly cart: CartView;
  readonly demo?: boolean;
  readonly change?: Partial<Snapshot>;
}

const photo = pictureUrl('green-apple');

function scenes(nowMs: number): Readonly<Record<string, Scene>> {
  const cartScreen = latest('banana', 40);
  return {
    welcome: { screen: { kind: 'welcome' }, cart: empty },
    'welcome-demo': { screen: { kind: 'welcome' }, cart: empty, demo: true },
    cart: { screen: cartScreen, cart: someCart },
    'cart-demo': { screen: cartScreen, cart: someCart, demo: true },
    'cart-empty': {
      screen: { kind: 'cart', latest: null, looking: false },
      cart: empty,
      demo: true,
    },
    'cart-long': { screen: latest('orange-juice', 279), cart: cartOf(longCart) },
    'cart-looking': { screen: { kind: 'cart', latest: null, looking: true }, cart: someCart },
    'cart-removed': {
      screen: { kind: 'cart', latest: null, looking: false },
      cart: cartOf(
        fourLines.map((each) => (each.productId === 'milk' ? { ...each, removed: true } : each)),
      ),
    },
    degraded: {
      screen: { kind: 'cart', latest: null, looking: false },
      cart: someCart,
      change: { notices: ['recognition-down'] },
    },
    covered: {
      screen: { kind: 'cart', latest: null, looking: false },
      cart: someCart,
      change: { notices: ['camera-covered'] },
    },
    'covered-before-the-first': {
      screen: { kind: 'cart', latest: null, looking: false },
      cart: empty,
      change: { notices: ['camera-covered'] },
    },
    'covered-welcome': {
      screen: { kind: 'welcome' },
      cart: empty,
      change: { notices: ['camera-covered'] },
    },
    impaired: { screen: cartScreen, cart: someCart, change: { notices: ['camera-flicker'] } },
    'ask-two': {
      screen: {
        kind: 'ask',
        questionId: 'ask:p2',
        photoUrl: pictureUrl('banana'),
        candidates: [product('banana'), product('banana-organic')],
        unsure: false,
      },
      cart: someCart,
    },
    'ask-three': {
      screen: {
        kind: 'ask',
        questionId: 'ask:p3',
        photoUrl: photo,
        candidates: [product('green-apple'), product('avocado'), product('orange-juice')],
        unsure: false,
      },
      cart: someCart,
    },
    'ask-four': {
      screen: {
        kind: 'ask',
        questionId: 'ask:p4',
        photoUrl: photo,
        candidates: [
          product('green-apple'),
          product('avocado'),
          product('lemon'),
          product('red-pepper'),
        ],
        unsure: false,
      },
      cart: someCart,
    },
    'lookup-unknown': {
      screen: {
        kind: 'lookup',
        questionId: 'unknown-item:p5',
        reason: { kind: 'unknown-item', placementId: 'p5' },
        photoUrl: photo,
        suggestions: [product('green-apple'), product('avocado')],
        unsure: false,
      },
      cart: someCart,
    },
    'ask-unsure': {
      screen: {
        kind: 'ask',
        questionId: 'ask:p7',
        photoUrl: photo,
        candidates: [product('green-apple'), product('avocado')],
        unsure: true,
      },
      cart: someCart,
    },
    'lookup-unsure': {
      screen: {
        kind: 'lookup',
        questionId: 'recognition-down:p8',
        reason: { kind: 'recognition-down', placementId: 'p8' },
        photoUrl: photo,
        suggestions: [],
        unsure: true,
      },
      cart: someCart,
    },
    'lookup-correction': {
      screen: {
        kind: 'lookup',
        questionId: 'correction:line-banana',
        reason: {
          kind: 'correction',
          lineId: 'line-banana',
          productName: product('banana').names,
        },
        photoUrl: photo,
        suggestions: [product('lemon')],
        unsure: false,
      },
      cart: someCart,
    },
    'lookup-no-weight': {
      screen: {
        kind: 'lookup',
        questionId: 'no-weight:tomato:unknown-item:p6',
        reason: { kind: 'no-weight', productName: product('tomato').names },
        photoUrl: null,
        suggestions: [],
        unsure: false,
      },
      cart: someCart,
    },
    lookup: {
      screen: {
        kind: 'lookup',
        questionId: 'find-item',
        reason: { kind: 'find-item' },
        photoUrl: null,
        suggestions: [],
        unsure: false,
      },
      cart: someCart,
    },
    paying: { screen: paying('waiting'), cart: someCart },
    'paying-cancelling': { screen: paying('cancelling'), cart: someCart },
    'paying-checking': { screen: paying('checking'), cart: someCart },
    'paying-declined': { screen: paying('declined'), cart: someCart },
    receipt: {
      screen: {
        kind: 'receipt',
        receipt: {
          saleId: 's1',
          number: 1042,
          completedAtMs: Date.UTC(2026, 4, 12, 15, 24),
          lines: fourLines,
          totalMinor: someCart.totalMinor,
          taxes: [...someCart.taxes, { basisPoints: 1900, grossMinor: 174, taxMinor: 28 }],
          tender: 'Demo card ···· 4242',
          closesAtMs: nowMs + 20_000,
        },
      },
      cart: empty,
    },
    'out-of-order': { screen: { kind: 'out-of-order', reason: 'ledger' }, cart: empty },
    'out-of-order-unsettled': {
      screen: { kind: 'out-of-order', reason: 'payment-unsettled' },
      cart: empty,
    },
    'still-there': { screen: cartScreen, cart: someCart, change: { suspendsAtMs: nowMs + 25_000 } },
    help: { screen: cartScreen, cart: someCart, change: { helpCalled: true } },
  };
}

function paying(kind: 'waiting' | 'cancelling' | 'checking' | 'declined'): Screen {
  return { kind: 'paying', amountMinor: someCart.totalMinor, stage: { kind } };
}

export const sceneNames: readonly string[] = Object.keys(scenes(0));

export interface SceneWish {
  readonly language: Language;
  readonly display: Display;
  readonly revision: number;
}

export function snapshotOf(name: string, wish: SceneWish): Snapshot {
  const scene = scenes(Date.now())[name];
  if (scene === undefined) throw new Error(`no such scene: ${name}`);
  return {
    ...wish,
    store: {
      name: 'Freshlane',
      currency: 'EUR',
      region: wish.language === 'de' ? 'DE' : 'IE',
      languages: ['en', 'de'],
      demo: scene.demo ?? false,
      keepsPictures: false,
    },
    screen: scene.screen,
    cart: scene.cart,
    notices: [],
    helpCalled: false,
    suspendsAtMs: null,
    ...scene.change,
  };
}
