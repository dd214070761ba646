import { expect, test, vi } from 'vitest';
import { ApiError } from './api.ts';
import { createAnswers } from './answers.ts';
import type { Loaded } from './answers.ts';

/** A question whose answers are given by hand. */
function asked<T>(place: string, key: string) {
  const pending: { resolve: (value: T) => void; reject: (error: ApiError) => void }[] = [];
  const load = () =>
    new Promise<T>((resolve, reject) => {
      pending.push({ resolve, reject });
    });
  return { pending, question: { place, key, load } };
}

const there = <T>(value: T): Loaded<T> => ({ kind: 'there', value });
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a question is asked once, and its listeners hear of the answer', async () => {
  const answers = createAnswers();
  const { question, pending } = asked<number>('here', 'a');
  const heard = vi.fn();
  answers.subscribe(heard);
  expect(answers.read(question)).toEqual({ kind: 'loading' });
  expect(answers.read({ ...question })).toEqual({ kind: 'loading' });
  expect(pending).toHaveLength(1);
  pending[0]!.resolve(1);
  await settled();
  expect(heard).toHaveBeenCalledOnce();
  expect(answers.read(question)).toEqual(there(1));
});

test('the last answer stays until the next question has one', async () => {
  const answers = createAnswers();
  const one = asked<number>('here', 'a');
  const other = asked<number>('here', 'b');
  answers.read(one.question);
  one.pending[0]!.resolve(1);
  await settled();
  expect(answers.read(other.question)).toEqual(there(1));
  other.pending[0]!.resolve(2);
  await settled();
  expect(answers.read(other.question)).toEqual(there(2));
});

test('an answer that comes too late is thrown away', async () => {
  const answers = createAnswers();
  const one = asked<number>('here', 'a');
  const other = asked<number>('here', 'b');
  answers.read(one.question);
  answers.read(other.question);
  other.pending[0]!.resolve(2);
  one.pending[0]!.resolve(1);
  await settled();
  expect(answers.read(other.question)).toEqual(there(2));
});

test('a failure is an answer too, and can be asked about again', async () => {
  const answers = createAnswers();
  const { question, pending } = asked<number>('here', 'a');
  answers.read(question);
  const error = new ApiError(500, 'x', 'y');
  pending[0]!.reject(error);
  await settled();
  expect(answers.read(question)).toEqual({ kind: 'failed', error });
  answers.refresh('here');
  pending[1]!.resolve(3);
  await settled();
  expect(answers.read(question)).toEqual(there(3));
});

test('it is asked again for as long as the answer says so', async () => {
  const due: (() => void)[] = [];
  const answers = createAnswers((_delayMs, run) => due.push(run));
  const { question, pending } = asked<string>('here', 'a');
  const polled = {
    ...question,
    againMs: (value: string) => (value === 'training' ? 5 : null),
  };
  answers.read(polled);
  pending[0]!.resolve('training');
  await settled();
  expect(due).toHaveLength(1);
  due[0]!();
  pending[1]!.resolve('done');
  await settled();
  expect(due).toHaveLength(1);
  expect(answers.read(polled)).toEqual(there('done'));
});
