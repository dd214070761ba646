import type { z } from 'zod';
import type { Reply } from './refusal.ts';

/** A type's place in a table of values: there is nothing in it at run time. */
export interface Typed<T> {
  readonly type?: T;
}

export interface Request<Argument = unknown, Answer = unknown> {
  readonly argument: z.ZodType<Argument>;
  readonly answer: Typed<Answer>;
}

/**
 * All that the page of one audience and main may say to each other, by channel. What main serves, what
 * it refuses, what a page is given and what tests put in either's place come from this table.
 */
export interface Contract {
  /** The page finds its methods on `window` under this name. */
  readonly audience: string;
  /** What the page asks of main; each has an answer. */
  readonly requests: Readonly<Record<string, Request>>;
  /** What the page tells main, without an answer. */
  readonly messages: Readonly<Record<string, z.ZodType>>;
  /** What main tells the page. */
  readonly events: Readonly<Record<string, Typed<unknown>>>;
}

export type RequestName<C extends Contract> = keyof C['requests'] & string;
export type MessageName<C extends Contract> = keyof C['messages'] & string;
export type EventName<C extends Contract> = keyof C['events'] & string;

/** Nobody changes what was said: arrays and objects may be handed over as they are. */
type Said<T> = T extends Uint8Array
  ? Uint8Array
  : T extends string | number | boolean | null | undefined
    ? T
    : { readonly [K in keyof T]: Said<T[K]> };

export type ArgumentOf<C extends Contract, N extends RequestName<C>> = Said<
  z.output<C['requests'][N]['argument']>
>;
export type AnswerOf<C extends Contract, N extends RequestName<C>> =
  C['requests'][N]['answer'] extends Typed<infer Answer> ? Answer : never;
export type MessageOf<C extends Contract, N extends MessageName<C>> = Said<
  z.output<C['messages'][N]>
>;
export type PayloadOf<C extends Contract, E extends EventName<C>> =
  C['events'][E] extends Typed<infer Payload> ? Payload : never;

type Method<Argument, Result> = [Argument] extends [null]
  ? () => Result
  : (argument: Argument) => Result;

/** What a page is given: named methods, one a channel, nothing generic. */
export interface PageApi<C extends Contract> {
  readonly request: {
    readonly [N in RequestName<C>]: Method<ArgumentOf<C, N>, Promise<Reply<AnswerOf<C, N>>>>;
  };
  readonly tell: { readonly [N in MessageName<C>]: Method<MessageOf<C, N>, void> };
  /** Ends with the function returned. What was sent before is not sent again: listen, then fetch. */
  readonly on: {
    readonly [E in EventName<C>]: (listener: (payload: PayloadOf<C, E>) => void) => () => void;
  };
}

/** What main does with each request and message; their arguments are parsed already. */
export type Handlers<C extends Contract> = {
  readonly [N in RequestName<C>]: (
    argument: ArgumentOf<C, N>,
  ) => AnswerOf<C, N> | Promise<AnswerOf<C, N>>;
} & { readonly [N in MessageName<C>]: (message: MessageOf<C, N>) => void };

/** Says one of the audience's events to its page. */
export type Send<C extends Contract> = <E extends EventName<C>>(
  event: E,
  payload: PayloadOf<C, E>,
) => void;

/** A place for a type in a table, for example `typed<Snapshot>()`. */
export function typed<T>(): Typed<T> {
  return {};
}

/** A request with its answer, which is null where none is named. */
export function request<Argument>(argument: z.ZodType<Argument>): Request<Argument, null>;
export function request<Argument, Answer>(
  argument: z.ZodType<Argument>,
  answer: Typed<Answer>,
): Request<Argument, Answer>;
export function request(argument: z.ZodType, answer: Typed<unknown> = {}): Request {
  return { argument, answer };
}

/** Main's way to a page of its own that nobody sees. */
export interface PagePort<C extends Contract> {
  /** Opens the page; again after its process died, until `close`. */
  readonly open: (listener: PageListener<C>) => void;
  /** Dropped while there is no page. */
  readonly send: Send<C>;
  readonly close: () => Promise<void>;
}

export interface PageListener<C extends Contract> {
  readonly handlers: Handlers<C>;
  /** The page died or hung; the next one is on its way. */
  readonly gone: (reason: string) => void;
}
