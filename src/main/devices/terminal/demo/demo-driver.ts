import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { openDemoTerminal } from '../../../../simulators/terminal/demo-terminal.ts';
import type { DemoBehaviour } from '../../../../simulators/terminal/demo-terminal.ts';
import type { Driver } from '../../device.ts';
import { createStatusHolder } from '../../status-holder.ts';
import type { TerminalContext, TerminalDevice } from '../terminal-device.ts';

export const demoBehaviours = ['approves', 'declines', 'slow', 'silent'] as const;

const settings = z.strictObject({
  behaviour: z.enum(demoBehaviours).default('approves'),
  /** Until it answers; null for as long as a card takes. */
  answerMs: z.int().min(0).nullable().default(null),
});

const behaviourOf: Readonly<Record<(typeof demoBehaviours)[number], DemoBehaviour>> = {
  approves: 'approve',
  declines: 'decline',
  slow: 'slow',
  silent: 'no-answer',
};

export const demo: Driver<typeof settings, TerminalContext, TerminalDevice> = {
  title: 'Demo terminal, which charges nobody',
  settings,
  probe: async () => [],
  open: async ({ behaviour, answerMs }, { dataFolder, clock }) => {
    const terminal = await openDemoTerminal({
      journalFile: join(dataFolder, 'demo-terminal.jsonl'),
      clock,
      behaviour: () => behaviourOf[behaviour],
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
