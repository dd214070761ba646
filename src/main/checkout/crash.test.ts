import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LedgerRow } from '../ledger/ledger.ts';
import type { PaymentOutcome, PaymentTerminal } from '../payment/terminal.ts';
import { createCheckout, defaultTimings } from './checkout.ts';
import type { Checkout } from './checkout.ts';
import type { CheckoutInput } from './commands.ts';
import { evolve } from './evolve.ts';
import { readFact } from './facts.ts';
import { manualClock, turns } from './manual-clock.ts';
import { memoryLedger } from './memory-ledger.ts';
import { sampleCatalogue } from './sample-shop.ts';
import { idleState, isPaymentOpen, saleOf } from './state.ts';

/** What the customer and the line make of a payment; the same intent is never charged twice. */
type Fate =
  'approved' | 'declined' | 'approved, line broke' | 'declined, line broke' | 'approved late';

interface Charge {
  readonly amountMinor: number;
  readonly outcome: PaymentOutcome;
  /** How often the terminal does not know yet when it is asked. */
  pendingChecks: number;
}

/** What outlives the app: the disk, the terminal, and time. */
class World {
  readonly rows: LedgerRow[] = [];
  readonly charges = new Map<string, Charge>();
  readonly clock = manualClock();
  fate: Fate = 'approved';
  private ids = 0;
  private stepsToCrash = Number.POSITIVE_INFINITY;
  private alive = { dead: false };

  crashAfter(steps: number): void {
    this.stepsToCrash = steps;
  }

  get crashed(): boolean {
    return this.alive.dead;
  }

  /** A new process over the same disk and terminal; one before it never gets another turn. */
  async boot(): Promise<Checkout> {
    this.alive.dead = true;
    this.stepsToCrash = Number.POSITIVE_INFINITY;
    const life = { dead: false };
    this.alive = life;
    const point = async (): Promise<void> => {
      if (!life.dead && --this.stepsToCrash < 0) life.dead = true;
      if (life.dead) await new Promise(() => undefined);
    };
    const disk = memoryLedger(this.rows);
    const checkout = createCheckout({
      ledger: {
        ...disk,
        append: async (entries) => {
          await point();
          const rows = await disk.append(entries);
          await point();
          return rows;
        },
      },
      terminal: this.terminal(point),
      clock: {
        ...this.clock,
        schedule: (delayMs, run) => this.clock.schedule(delayMs, () => life.dead || run()),
      },
      newId: () => `id-${++this.ids}`,
      catalogue: () => sampleCatalogue,
      timings: defaultTimings,
      closed: null,
      fault: (_where, error) => {
        throw error;
      },
    });
    void checkout.start();
    await turns();
    return checkout;
  }

  private terminal(point: () => Promise<void>): PaymentTerminal {
    return {
      pay: async ({ intentId, amountMinor }) => {
        await point();
        const known = this.charges.get(intentId);
        if (known !== undefined) return known.outcome;
        const { fate } = this;
        const outcome: PaymentOutcome = fate.startsWith('approved')
          ? { kind: 'approved', tender: 'card', reference: intentId }
          : { kind: 'declined' };
        const pendingChecks = fate === 'approved late' ? 3 : 0;
        this.charges.set(intentId, { amountMinor, outcome, pendingChecks });
        await point();
        return fate.length > 'approved'.length ? { kind: 'unknown' } : outcome;
      },
      cancel: async () => point(),
      outcomeOf: async (intentId) => {
        await point();
        const charge = this.charges.get(intentId);
        if (charge === undefined) return { kind: 'declined' };
        if (charge.pendingChecks-- > 0) return { kind: 'unknown' };
        return charge.outcome;
      },
    };
  }
}

type Command =
  | { readonly kind: 'input'; readonly input: CheckoutInput }
  | { readonly kind: 'pay' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'fate'; readonly fate: Fate }
  | { readonly kind: 'crash'; readonly afterSteps: number };

const input = (each: CheckoutInput): Command => ({ kind: 'input', input: each });
const lay = fc.constantFrom('apple', 'lemon', 'juice').map((productId) =>
  input({
    kind: 'item-recognised',
    placementId: 'placement',
    photoId: null,
    weightGrams: null,
    decision: { kind: 'accept', productId, probability: 0.9 },
  }),
);
const others: readonly CheckoutInput[] = [
  { kind: 'undone' },
  { kind: 'cancel-asked' },
  { kind: 'payment-returned' },
  { kind: 'receipt-done' },
  { kind: 'lookup-opened' },
  { kind: 'product-chosen', questionId: 'find-item', productId: 'apple' },
  { kind: 'item-left-tray', placementId: 'placement' },
  { kind: 'help-called' },
  { kind: 'sale-cancelled' },
];
const fates: readonly Fate[] = [
  'approved',
  'declined',
  'approved, line broke',
  'declined, line broke',
  'approved late',
];
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: lay },
  { weight: 6, arbitrary: fc.constant<Command>({ kind: 'pay' }) },
  { weight: 4, arbitrary: fc.constantFrom(...others).map(input) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...fates).map((fate) => ({ kind: 'fate' as const, fate })),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(0, 500, 5_000, 70_000).map((ms) => ({ kind: 'wait' as const, ms })),
  },
  { weight: 4, arbitrary: fc.nat(8).map((afterSteps) => ({ kind: 'crash' as const, afterSteps })) },
);

async function live(commands: readonly Command[]): Promise<{ world: World; checkout: Checkout }> {
  const world = new World();
  let checkout = await world.boot();
  for (const each of commands) {
    if (each.kind === 'input') void checkout.dispatch(each.input);
    if (each.kind === 'pay') {
      const totalSeen = saleOf(checkout.state())?.cart.totals.totalMinor ?? 0;
      void checkout.dispatch({ kind: 'payment-started', totalMinor: totalSeen });
    }
    if (each.kind === 'fate') world.fate = each.fate;
    if (each.kind === 'crash') world.crashAfter(each.afterSteps);
    await world.clock.pass(each.kind === 'wait' ? each.ms : 0);
    await turns();
    if (world.crashed) checkout = await world.boot();
  }
  // However it ended: the power comes back, and nobody touches anything until all is settled.
  checkout = await world.boot();
  for (let count = 0; count < 10; count++) {
    await world.clock.pass(2_000);
    await turns();
  }
  return { world, checkout };
}

test('whenever the power fails: nothing is charged twice, and no paid sale is lost', async () => {
  let paidSales = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async (commands) => {
      const { world, checkout } = await live(commands);
      const facts = world.rows.map((row) => ({ fact: readFact(row), saleId: row.saleId }));

      const intents = new Map<string, string | null>();
      const completed = new Map<string | null, number>();
      for (const { fact, saleId } of facts) {
        if (fact.kind === 'payment-begun') intents.set(fact.intentId, saleId);
        if (fact.kind === 'sale-completed') completed.set(saleId, fact.receipt.number);
      }
      const paidPerSale = new Map<string | null, number>();
      for (const [intentId, { outcome, amountMinor }] of world.charges) {
        expect(intents.has(intentId), 'charged without an intent in the ledger').toBe(true);
        if (outcome.kind !== 'approved') continue;
        const saleId = intents.get(intentId) ?? null;
        expect(paidPerSale.has(saleId), 'charged twice').toBe(false);
        paidPerSale.set(saleId, amountMinor);
      }
      expect([...completed.keys()].sort()).toEqual([...paidPerSale.keys()].sort());
      expect([...completed.values()]).toEqual(Array.from(completed, (_, index) => index + 1));

      let state = idleState(0);
      for (const { fact } of facts) {
        state = evolve(state, fact);
        if (fact.kind !== 'sale-completed') continue;
        const { saleId, totals } = fact.receipt;
        expect(totals.totalMinor).toBe(paidPerSale.get(saleId));
      }
      expect(checkout.state()).toEqual(state);
      expect(isPaymentOpen(state)).toBe(false);
      paidSales += paidPerSale.size;
    }),
    { numRuns: 300 },
  );
  expect(paidSales, 'the courses do reach payments').toBeGreaterThan(50);
});
