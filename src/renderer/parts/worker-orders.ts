interface Numbered<Order> {
  readonly number: number;
  readonly order: Order;
}

type Answer<Made> =
  | { readonly number: number; readonly made: Made }
  | { readonly number: number; readonly problem: string };

/** One end of the way between a page and its worker. */
export interface WorkerEnd extends Pick<EventTarget, 'addEventListener'> {
  postMessage(message: unknown, options: { transfer: Transferable[] }): void;
}

export interface OwnWorker extends WorkerEnd {
  terminate(): void;
}

/** What a worker made of an order, and what of it is handed over. */
export interface MadeToOrder<Made> {
  readonly made: Made;
  readonly transfer: Transferable[];
}

type OrderOf<Order, Made> = (order: Order, transfer: Transferable[]) => Promise<Made>;

interface Waiting<Made> {
  readonly resolve: (made: Made) => void;
  readonly reject: (problem: Error) => void;
}

/**
 * Sends orders to a worker that runs `takeOrders`; each is answered by itself. One that breaks fails
 * what it was asked for, and another begins with the next order.
 */
export function orderFrom<Order, Made>(begin: () => OwnWorker): OrderOf<Order, Made> {
  let current: OrderOf<Order, Made> | undefined;
  const beginOne = (): OrderOf<Order, Made> => {
    const worker = begin();
    return ordersOf(worker, () => {
      worker.terminate();
      current = undefined;
    });
  };
  current = beginOne();
  return (order, transfer) => {
    current ??= beginOne();
    return current(order, transfer);
  };
}

function ordersOf<Order, Made>(worker: WorkerEnd, onBroken: () => void): OrderOf<Order, Made> {
  const waiting = new Map<number, Waiting<Made>>();
  let last = 0;
  worker.addEventListener('message', (event) => {
    const { data } = event as MessageEvent<Answer<Made>>;
    const asked = waiting.get(data.number);
    waiting.delete(data.number);
    if ('made' in data) asked?.resolve(data.made);
    else asked?.reject(new Error(data.problem));
  });
  worker.addEventListener('error', (event) => {
    onBroken();
    for (const { reject } of waiting.values()) reject(new Error((event as ErrorEvent).message));
    waiting.clear();
  });
  return (order, transfer) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      worker.postMessage({ number: last, order } satisfies Numbered<Order>, { transfer });
    });
}

/** The worker's side: makes what is ordered at its own global scope. */
export function takeOrders<Order, Made>(
  port: WorkerEnd,
  make: (order: Order) => Promise<MadeToOrder<Made>>,
): void {
  const answer = (message: Answer<Made>, transfer: Transferable[]): void =>
    port.postMessage(message, { transfer });
  port.addEventListener('message', (event) => {
    const { number, order } = (event as MessageEvent<Numbered<Order>>).data;
    make(order).then(
      ({ made, transfer }) => answer({ number, made }, transfer),
      (error: unknown) => answer({ number, problem: String(error) }, []),
    );
  });
}
