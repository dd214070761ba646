import type { ApiError } from './api.ts';

export type Loaded<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly error: ApiError }
  | { readonly kind: 'there'; readonly value: T };

export interface Question<T> {
  /** Where the answer is shown; the last one stays there until the next has come. */
  readonly place: string;
  /** Another key is another question. */
  readonly key: string;
  readonly load: () => Promise<T>;
  /** Milliseconds until it is asked once more; null where that is not needed. */
  readonly againMs?: (value: T) => number | null;
}

/** What the engine was asked, and what it said. */
export interface Answers {
  readonly subscribe: (listener: () => void) => () => void;
  /** Asks where that was not asked yet. */
  readonly read: <T>(question: Question<T>) => Loaded<T>;
  /** Asks once more. */
  readonly refresh: (place: string) => void;
}

interface Place {
  question: Question<unknown>;
  shown: Loaded<unknown>;
  /** Counts what was asked, so that a late answer to an older question is known. */
  asked: number;
}

const loading: Loaded<never> = { kind: 'loading' };

export function createAnswers(
  schedule: (delayMs: number, run: () => void) => void = (delayMs, run) =>
    void setTimeout(run, delayMs),
): Answers {
  const places = new Map<string, Place>();
  const listeners = new Set<() => void>();

  const ask = (place: Place): void => {
    place.asked += 1;
    const { asked, question } = place;
    const show = (shown: Loaded<unknown>): void => {
      if (place.asked !== asked) return;
      place.shown = shown;
      for (const listener of listeners) listener();
      const againMs = shown.kind === 'there' ? (question.againMs?.(shown.value) ?? null) : null;
      if (againMs !== null) schedule(againMs, () => place.asked === asked && ask(place));
    };
    question.load().then(
      (value) => show({ kind: 'there', value }),
      (error: ApiError) => show({ kind: 'failed', error }),
    );
  };

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read: <T>(question: Question<T>): Loaded<T> => {
      const known = places.get(question.place);
      const asking = question as Question<unknown>;
      const place: Place = known ?? { question: asking, shown: loading, asked: 0 };
      if (known?.question.key !== question.key) {
        place.question = asking;
        places.set(question.place, place);
        ask(place);
      }
      return place.shown as Loaded<T>;
    },
    refresh: (name) => {
      const place = places.get(name);
      if (place !== undefined) ask(place);
    },
  };
}
