import { expect, onTestFinished, test, vi } from 'vitest';

import { orderFrom, takeOrders } from './worker-orders.ts';
import type { MadeToOrder, OwnWorker } from './worker-orders.ts';

/** A worker on this thread: a channel, at whose other end orders are made. */
function worker(make: (order: string) => Promise<MadeToOrder<string>>) {
  const { port1, port2 } = new MessageChannel();
  const terminate = vi.fn(() => port1.close());
  onTestFinished(terminate);
  takeOrders(port2, make);
  port1.start();
  port2.start();
  const own: OwnWorker = Object.assign(port1, { terminate });
  const fail = (message: string): boolean =>
    port1.dispatchEvent(Object.assign(new Event('error'), { message }));
  return { own, fail, terminate };
}

const made = async (order: string): Promise<MadeToOrder<string>> => ({
  made: `${order} made`,
  transfer: [],
});

test('each order gets its own answer, whichever is made first', async () => {
  const later: (() => void)[] = [];
  const { own } = worker(async (order) => {
    if (order === 'slow') await new Promise<void>((resolve) => later.push(resolve));
    return made(order);
  });
  const order = orderFrom<string, string>(() => own);
  const slow = order('slow', []);
  expect(await order('quick', [])).toBe('quick made');
  later[0]!();
  expect(await slow).toBe('slow made');
});

test('what cannot be made fails alone, with its reason', async () => {
  const { own } = worker(async (order) => {
    if (order === 'odd') throw new Error('Too odd.');
    return made(order);
  });
  const order = orderFrom<string, string>(() => own);
  await expect(order('odd', [])).rejects.toThrow('Too odd.');
  expect(await order('even', [])).toBe('even made');
});

test('a worker that breaks fails what it was asked for, and another takes the next', async () => {
  const broken = worker(() => new Promise(() => undefined));
  const sound = worker(made);
  const workers = [broken, sound];
  const order = orderFrom<string, string>(() => workers.shift()!.own);
  const lost = expect(order('first', [])).rejects.toThrow('It did not load.');
  broken.fail('It did not load.');
  await lost;
  expect(broken.terminate).toHaveBeenCalled();
  expect(await order('second', [])).toBe('second made');
});

test('what is handed over is gone here', async () => {
  const { own } = worker(made);
  const bytes = new ArrayBuffer(4);
  await orderFrom<string, string>(() => own)('all', [bytes]);
  expect(bytes.byteLength).toBe(0);
});
