import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import { channels } from '../../shared/ipc.ts';
import type { Channel, Reply, Requests } from '../../shared/ipc.ts';
import { requestArguments } from './arguments.ts';

export type Handlers = {
  readonly [C in Channel]: (
    argument: Requests[C]['argument'],
  ) => Promise<Requests[C]['answer']> | Requests[C]['answer'];
};

/** A refusal that the window may be told of by its code. */
export class RequestError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'RequestError';
    this.code = code;
  }
}

type Log = (event: string, details: Record<string, unknown>) => void;

/**
 * Answers the kiosk window's requests. The sender must be the main frame of `window()` showing
 * `pageUrl`; anybody else gets `refused-sender`, a malformed argument gets `bad-argument`.
 */
export function serveRequests(
  ipcMain: Pick<IpcMain, 'handle' | 'removeHandler'>,
  trusted: { window: () => WebContents | null; pageUrl: string },
  handlers: Handlers,
  log: Log,
): () => void {
  for (const channel of channels) {
    ipcMain.handle(channel, async (event, argument: unknown) => {
      if (!isTrusted(event, trusted)) {
        log('ipc-refused', { channel, url: event.senderFrame?.url ?? null });
        return refusal('refused-sender', 'This page may not ask.');
      }
      return answer(channel, argument, handlers, log);
    });
  }
  return () => channels.forEach((channel) => ipcMain.removeHandler(channel));
}

function isTrusted(
  event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
  trusted: { window: () => WebContents | null; pageUrl: string },
): boolean {
  const window = trusted.window();
  const frame = event.senderFrame;
  return (
    window !== null &&
    event.sender === window &&
    frame !== null &&
    frame.parent === null &&
    frame.url === trusted.pageUrl
  );
}

/** Parses, runs, and turns what is thrown into a reply: nothing but values crosses to the window. */
export async function answer<C extends Channel>(
  channel: C,
  argument: unknown,
  handlers: Handlers,
  log: Log,
): Promise<Reply<Requests[C]['answer']>> {
  const parsed = requestArguments[channel].safeParse(argument);
  if (!parsed.success) {
    const message = parsed.error.issues
      .map((issue) => `${issue.path.join('.') || 'argument'}: ${issue.message}`)
      .join('; ');
    log('ipc-bad-argument', { channel, message });
    return refusal('bad-argument', message);
  }
  try {
    return { ok: true, value: await handlers[channel](parsed.data) };
  } catch (error) {
    if (error instanceof RequestError) return refusal(error.code, error.message);
    log('ipc-failed', { channel, error: String(error) });
    return refusal('failed', 'The request could not be carried out.');
  }
}

function refusal(code: string, message: string): { ok: false; code: string; message: string } {
  return { ok: false, code, message };
}
