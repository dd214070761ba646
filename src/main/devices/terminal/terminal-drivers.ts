import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../../checkout/clock.ts';
import { openDemoTerminal } from '../../payment/demo-terminal.ts';
import type { DemoBehaviour } from '../../payment/demo-terminal.ts';
import type { PaymentTerminal } from '../../payment/terminal.ts';
import type { Device, Driver } from '../device.ts';
import { terminalSettings } from '../device-settings.ts';
import type { TerminalKind, TerminalSettings } from '../device-settings.ts';
import { createStatusHolder } from '../status-holder.ts';

/** The card terminal. */
export interface TerminalDevice extends Device {
  readonly terminal: PaymentTerminal;
}

/** What the app gives to a terminal's driver. */
export interface TerminalContext {
  readonly dataFolder: string;
  readonly clock: Clock;
  /** Of the demo terminal. */
  readonly behaviour: () => DemoBehaviour;
  /** Until the demo terminal answers; null for as long as a card takes. */
  readonly answerMs: number | null;
}

type TerminalDriver = Driver<TerminalSettings, TerminalContext, TerminalDevice>;

const demo: TerminalDriver = {
  title: 'Demo terminal, which charges nobody',
  settings: terminalSettings,
  probe: async () => [],
  open: async (_settings, { dataFolder, clock, behaviour, answerMs }) => {
    const terminal = await openDemoTerminal({
      journalFile: join(dataFolder, 'demo-terminal.jsonl'),
      clock,
      behaviour,
      // Whoever tries the silent one should see what comes of it; the slow one takes eight.
      deadlineMs: 10_000,
      ...(answerMs === null ? {} : { answerMs }),
    });
    const holder = createStatusHolder();
    holder.set({ kind: 'ready', label: 'demo terminal' });
    return {
      ...{ status: holder.status, onStatus: holder.onStatus },
      terminal,
      test: async () => {
        const startedMs = clock.monotonicMs();
        // A payment that it never heard of: it answers and charges nobody.
        const { kind } = await terminal.outcomeOf(randomUUID());
        const tookMs = Math.round(clock.monotonicMs() - startedMs);
        return { kind: 'passed', detail: `It answers: ${kind}.`, tookMs };
      },
      stop: () => terminal.close(),
    };
  },
};

export const terminalDrivers: Readonly<Record<TerminalKind, TerminalDriver>> = { demo };
