import type { Log } from '../../shared/log.ts';
import type { Timers } from '../../shared/timers.ts';
import type { Device, DeviceCondition, TestResult } from '../devices/device.ts';
import { createStatusHolder } from '../devices/status-holder.ts';
import { LedgerError } from '../ledger/ledger.ts';
import type { Ledger, LedgerFinding, Verification } from '../ledger/ledger.ts';

export interface LedgerHealthOptions {
  readonly ledger: Pick<Ledger, 'checked' | 'verify'>;
  readonly log: Log;
  /** Told once where it is not as it was written: nothing more may be sold. */
  readonly onBroken: () => void;
  readonly timers: Timers;
}

/** How the ledger is, as staff see a device; its test verifies all of it. */
export interface LedgerHealth extends Device {
  /** It cannot be written any more, or not be trusted. */
  readonly lost: (error: unknown) => void;
}

/** A start has other work, and searches for damage first. */
const firstAfterMs = 60_000;
const againAfterMs = 24 * 60 * 60_000;

/**
 * Has all of the ledger verified soon after the start and once a day from then on, so that a row that
 * was changed is found within a day of running.
 */
export function watchLedger({ ledger, log, onBroken, timers }: LedgerHealthOptions): LedgerHealth {
  const holder = createStatusHolder();
  let isOver = false;
  let cancel: () => void = () => undefined;
  const end = (): void => {
    isOver = true;
    cancel();
  };

  const lost = (error: unknown): void => {
    if (isOver) return;
    end();
    holder.set(lostBy(error));
  };

  const broken = (findings: readonly LedgerFinding[]): void => {
    for (const finding of findings) log.error('ledger-finding', { ...finding });
    // That the head is gone says by itself of no row that it is missing; a start goes on then, too.
    const grave =
      findings.find(({ kind }) => kind === 'row') ??
      findings.find(({ kind }) => kind !== 'no-head');
    if (grave !== undefined) {
      lost(new LedgerError('corrupt', grave.message));
      onBroken();
      return;
    }
    for (const { kind, message } of findings) {
      holder.set({ kind: 'degraded', code: kind, advice: message });
    }
  };

  const conclude = (found: Verification, tookMs: number): void => {
    if (found.kind === 'broken') return broken(found.findings);
    log.info('ledger-verified', { rowCount: found.rowCount, tookMs });
    holder.set({ kind: 'ready', label: 'ledger' });
  };

  const verify = async (): Promise<TestResult> => {
    const startedMs = timers.monotonicMs();
    try {
      const found = await ledger.verify();
      const tookMs = Math.round(timers.monotonicMs() - startedMs);
      if (!isOver) conclude(found, tookMs);
      return resultOf(found, tookMs);
    } catch (error) {
      const message = messageOf(error);
      if (!isOver) failed(error, message);
      return { kind: 'failed', message };
    }
  };

  const failed = (error: unknown, message: string): void => {
    // It is another file by now, or cannot be made sense of.
    if (error instanceof LedgerError && error.fault === 'corrupt') {
      return broken([{ kind: 'file', seq: null, message }]);
    }
    log.warn('ledger-not-verified', { error: message });
    holder.set({ kind: 'degraded', code: 'not-verified', advice: message });
  };

  const plan = (inMs: number): void => {
    if (isOver) return;
    cancel = timers.schedule(inMs, () => {
      // The search for damage fails by itself, and tells whoever sells.
      ledger.checked().then(
        async () => {
          if (!isOver) await verify();
          plan(againAfterMs);
        },
        () => undefined,
      );
    });
  };

  holder.set({ kind: 'ready', label: 'ledger' });
  plan(firstAfterMs);
  return {
    status: holder.status,
    onStatus: holder.onStatus,
    lost,
    test: verify,
    stop: async () => end(),
  };
}

/** One that could not even be opened. */
export function refusedLedger(error: unknown): Device {
  const holder = createStatusHolder();
  holder.set(lostBy(error));
  return {
    status: holder.status,
    onStatus: holder.onStatus,
    test: async () => ({ kind: 'failed', message: messageOf(error) }),
    stop: () => Promise.resolve(),
  };
}

function lostBy(error: unknown): DeviceCondition {
  const code = error instanceof LedgerError ? error.fault : 'unreachable';
  return { kind: 'lost', code, advice: messageOf(error) };
}

function resultOf(found: Verification, tookMs: number): TestResult {
  return found.kind === 'whole'
    ? { kind: 'passed', detail: `It is whole: ${found.rowCount} rows.`, tookMs }
    : { kind: 'failed', message: found.findings.map(({ message }) => message).join(' ') };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
