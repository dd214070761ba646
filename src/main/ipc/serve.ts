import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import type { z } from 'zod';
import type { Contract, Handlers, RequestName } from '../../shared/contracts/contract.ts';
import type { Refusal, RefusalCode, Reply } from '../../shared/contracts/refusal.ts';
import type { TakesRight } from '../../shared/contracts/staff.ts';
import type { Log } from '../../shared/log.ts';

/** Who may ask: the main frame of one window, showing one page. */
export interface Guard {
  /** Null while there is none. */
  readonly window: () => WebContents | null;
  readonly pageUrl: string;
  /**
   * What the one of the staff who has signed in may do; null while nobody has. Without it, nothing that
   * takes a right is open to anybody.
   */
  readonly rights?: () => ReadonlySet<string> | null;
}

export interface ServeParts {
  /** Electron's own, or that of one window's contents. */
  readonly ipc: Pick<IpcMain, 'handle' | 'removeHandler' | 'on' | 'removeListener'>;
  readonly log: Log;
}

/** A refusal that the window may be told of by its code. */
export class RequestError extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.name = 'RequestError';
    this.code = code;
  }
}

type Sender = Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>;

/**
 * Serves all that an audience may ask and tell until the function returned is called. Whoever the guard
 * does not know is refused, and so is an argument that its schema does not take; of a message that is
 * refused the log alone is told.
 */
export function serve<C extends Contract>(
  contract: C,
  guard: Guard,
  handlers: Handlers<C>,
  { ipc, log }: ServeParts,
): () => void {
  const ends: (() => void)[] = [];
  for (const channel of Object.keys(contract.requests)) {
    ipc.handle(
      channel,
      async (event, argument: unknown) =>
        refusedSender(channel, event, guard, log) ??
        refusedStaff(contract, channel, guard, log) ??
        (await answer(contract, channel, argument, handlers, log)),
    );
    ends.push(() => ipc.removeHandler(channel));
  }
  for (const [channel, schema] of Object.entries(contract.messages)) {
    const heard = (event: IpcMainEvent, argument: unknown): void => {
      if (refusedSender(channel, event, guard, log) !== null) return;
      const message = parse(channel, schema, argument, log);
      if (message.ok) handlerOf(handlers, channel)(message.value);
    };
    ipc.on(channel, heard);
    ends.push(() => ipc.removeListener(channel, heard));
  }
  return () => ends.forEach((end) => end());
}

/** Parses, runs, and turns what is thrown into a reply: nothing but values crosses to the window. */
export async function answer<C extends Contract>(
  contract: C,
  channel: RequestName<C>,
  argument: unknown,
  handlers: Handlers<C>,
  log: Log,
): Promise<Reply<unknown>> {
  const request = contract.requests[channel];
  if (request === undefined) throw new Error(`${contract.audience} has no ${channel}.`);
  const parsed = parse(channel, request.argument, argument, log);
  if (!parsed.ok) return parsed;
  try {
    return { ok: true, value: await handlerOf(handlers, channel)(parsed.value) };
  } catch (error) {
    if (error instanceof RequestError) return refusal(error.code, error.message);
    log.error('ipc-failed', { channel, error });
    return refusal('failed', 'The request could not be carried out.');
  }
}

function parse(channel: string, schema: z.ZodType, argument: unknown, log: Log): Reply<unknown> {
  const parsed = schema.safeParse(argument);
  if (parsed.success) return { ok: true, value: parsed.data };
  const message = parsed.error.issues
    .map((issue) => `${issue.path.join('.') || 'argument'}: ${issue.message}`)
    .join('; ');
  log.warn('ipc-bad-argument', { channel, message });
  return refusal('bad-argument', message);
}

function refusedSender(
  channel: string,
  { sender, senderFrame }: Sender,
  { window, pageUrl }: Guard,
  log: Log,
): Refusal | null {
  const isTrusted =
    sender === window() &&
    senderFrame !== null &&
    senderFrame.parent === null &&
    senderFrame.url === pageUrl;
  if (isTrusted) return null;
  log.warn('ipc-refused', { channel, url: senderFrame?.url ?? null });
  return refusal('refused-sender', 'This page may not ask.');
}

function refusedStaff(
  { requests }: Contract,
  channel: string,
  guard: Guard,
  log: Log,
): Refusal | null {
  const { right } = requests[channel] as Partial<TakesRight>;
  if (right === undefined) return null;
  const rights = guard.rights?.() ?? null;
  if (rights?.has(right) === true) return null;
  log.warn('ipc-not-permitted', { channel, right });
  return rights === null
    ? refusal('staff-locked', 'Nobody has signed in.')
    : refusal('not-permitted', `This takes the right "${right}".`);
}

/** The table's types say which handler takes what; over its names as strings that is lost. */
function handlerOf(handlers: object, channel: string): (argument: unknown) => unknown {
  return (handlers as Readonly<Record<string, (argument: unknown) => unknown>>)[channel]!;
}

function refusal(code: RefusalCode, message: string): Refusal {
  return { ok: false, code, message };
}
