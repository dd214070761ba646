/**
 * What can be asked of the other side: for each name a function of one argument, or of none. Written
 * as an interface that both sides import.
 */
export type Contract<C> = { readonly [Name in keyof C]: (argument: never) => unknown };

export type ArgumentOf<C extends Contract<C>, Name extends keyof C> = Parameters<C[Name]>[0];

export type ResponseOf<C extends Contract<C>, Name extends keyof C> = Awaited<ReturnType<C[Name]>>;

/** What crosses from the side that calls; nobody waits any more for a call that was aborted. */
export type CallMessage<C extends Contract<C>> =
  | {
      [Name in keyof C]: {
        readonly kind: 'call';
        readonly id: number;
        readonly name: Name;
        readonly argument: ArgumentOf<C, Name>;
      };
    }[keyof C]
  | { readonly kind: 'abort'; readonly id: number };

/** What crosses back: any number of `progress`, then one of the others. */
export type CallReply<Progress = never> =
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly kind: 'done'; readonly id: number; readonly response: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: CallFailure };

/** An error, as it crosses. */
export interface CallFailure {
  readonly message: string;
  /** Which of the errors that the two sides know; absent for all others. */
  readonly code?: string;
}
