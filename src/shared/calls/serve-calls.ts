import type {
  ArgumentOf,
  CallFailure,
  CallMessage,
  CallReply,
  Contract,
  ResponseOf,
} from './call-messages.ts';

/** A response of which something is handed over instead of copied. */
class HandedOver<Response> {
  constructor(
    readonly response: Response,
    readonly transfer: readonly object[],
  ) {}
}

/** Answers with `response`; what is in `transfer` is not copied, and gone on this side. */
export function handOver<Response>(
  response: Response,
  transfer: readonly object[],
): HandedOver<Response> {
  return new HandedOver(response, transfer);
}

/** What answers the calls of a contract. */
export type CallHandlers<C extends Contract<C>, Progress = never> = {
  readonly [Name in keyof C]: (
    argument: ArgumentOf<C, Name>,
    tellProgress: (progress: Progress) => void,
    /** False once whoever called no longer waits: what takes long may then be left. */
    isWanted: () => boolean,
  ) => Served<ResponseOf<C, Name>> | Promise<Served<ResponseOf<C, Name>>>;
};

type Served<Response> = Response | HandedOver<Response>;

export interface ServeOptions<C extends Contract<C>, Progress = never> {
  readonly post: (reply: CallReply<Progress>, transfer: readonly object[]) => void;
  /** Called once, with what takes each message; those that are no call are left to others. */
  readonly on: (receive: (message: CallMessage<C>) => void) => void;
  readonly handlers: CallHandlers<C, Progress>;
  /** One call at a time, in the order of the calls. */
  readonly inOrder?: boolean;
  /** What of an error crosses. Default: its message. */
  readonly failureOf?: (error: unknown) => CallFailure;
}

/** Answers what `createCalls` asks at the other end. */
export function serveCalls<C extends Contract<C>, Progress = never>({
  post,
  on,
  handlers,
  inOrder = false,
  failureOf = plainFailure,
}: ServeOptions<C, Progress>): void {
  const wanted = new Set<number>();
  let last: Promise<void> = Promise.resolve();

  const answer = async ({
    id,
    name,
    argument,
  }: Extract<CallMessage<C>, { kind: 'call' }>): Promise<void> => {
    const isWanted = (): boolean => wanted.has(id);
    if (!isWanted()) return;
    try {
      const tell = (progress: Progress): void => post({ kind: 'progress', id, progress }, []);
      const served = await handlers[name](argument, tell, isWanted);
      const { response, transfer } =
        served instanceof HandedOver ? served : handOver(served as unknown, []);
      post({ kind: 'done', id, response }, transfer);
    } catch (error) {
      post({ kind: 'failed', id, failure: failureOf(error) }, []);
    } finally {
      wanted.delete(id);
    }
  };

  on((message) => {
    if (message.kind === 'abort') wanted.delete(message.id);
    if (message.kind !== 'call') return;
    wanted.add(message.id);
    if (inOrder) last = last.then(() => answer(message));
    else void answer(message);
  });
}

function plainFailure(error: unknown): CallFailure {
  return { message: error instanceof Error ? error.message : String(error) };
}
