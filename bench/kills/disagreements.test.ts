import { expect, test } from 'vitest';
import type { Fact } from '../../src/main/checkout/facts.ts';
import type { JournalLine } from '../../src/simulators/terminal/terminal-journal.ts';
import type { Snapshot } from '../../src/shared/snapshot.ts';
import { disagreements } from './disagreements.ts';

const atMs = 0;
const receipt = {
  saleId: 's1',
  number: 1,
  isTraining: false,
  currency: 'EUR',
  lines: [],
  totals: { totalMinor: 55, taxes: [] },
  tenders: [],
  startedAtMs: 0,
  paidAtMs: 0,
  completedAtMs: 0,
  wasHelped: false,
};
const begun: readonly Fact[] = [
  { kind: 'sale-begun', atMs, saleId: 's1', currency: 'EUR', isTraining: false },
  { kind: 'payment-begun', atMs, intentId: 'i1', amountMinor: 55, currency: 'EUR' },
];
const completed: Fact = { kind: 'sale-completed', atMs, receipt, closesAtMs: 0 };
const charged: JournalLine = {
  kind: 'ended',
  intentId: 'i1',
  outcome: { kind: 'approved', tender: 'card', reference: 'r' },
};
const welcome = { screen: { kind: 'welcome' } } as Snapshot;
const shown = (lastNumber: number, snapshot = welcome) =>
  ({ kind: 'shown', snapshot, lastNumber }) as const;

test('a sale that was charged once and has its receipt agrees', () => {
  const kept = { isWhole: true, facts: [...begun, completed], journal: [charged] };
  expect(disagreements(shown(1), kept)).toEqual([]);
});

test.each([
  ['a broken chain', 1, { isWhole: false, facts: [...begun, completed], journal: [charged] }],
  ['a paid sale without a receipt', 0, { isWhole: true, facts: begun, journal: [charged] }],
  ['a receipt that nobody paid', 1, { isWhole: true, facts: [...begun, completed], journal: [] }],
  ['a charge without a begin', 0, { isWhole: true, facts: [], journal: [charged] }],
  [
    'a sale that was charged twice',
    1,
    {
      isWhole: true,
      facts: [...begun, { ...begun[1]!, intentId: 'i2' } as Fact, completed],
      journal: [charged, { ...charged, intentId: 'i2' }],
    },
  ],
  [
    'another amount',
    1,
    {
      isWhole: true,
      facts: [begun[0]!, { ...begun[1]!, amountMinor: 54 } as Fact, completed],
      journal: [charged],
    },
  ],
  ['another count', 2, { isWhole: true, facts: [...begun, completed], journal: [charged] }],
])('%s is found', (_name, lastNumber, kept) => {
  expect(disagreements(shown(lastNumber), kept)).toHaveLength(1);
});

test('a window that shows another receipt, or none for being out of order, is found', () => {
  const kept = { isWhole: true, facts: [...begun, completed], journal: [charged] };
  const other = {
    screen: { kind: 'receipt', receipt: { saleId: 's1', number: 1, totalMinor: 54 } },
  } as Snapshot;
  const closed = { screen: { kind: 'out-of-order', reason: 'ledger' } } as Snapshot;
  expect(disagreements(shown(1, other), kept)).toHaveLength(1);
  expect(disagreements(shown(1, closed), kept)).toHaveLength(1);
});
