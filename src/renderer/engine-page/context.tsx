import { createContext, useContext, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import type { Answers, Loaded, Question } from './answers.ts';
import type { TrainingApi } from './api.ts';
import type { PageWords } from './words.ts';

export interface PageContext {
  readonly api: TrainingApi;
  readonly answers: Answers;
  readonly words: PageWords;
  readonly language: string;
}

const Context = createContext<PageContext | null>(null);

export function PageProvider(props: { readonly value: PageContext; readonly children: ReactNode }) {
  return <Context value={props.value}>{props.children}</Context>;
}

export function usePage(): PageContext {
  const page = useContext(Context);
  if (page === null) throw new Error('there is no page around this');
  return page;
}

/** The engine's answer, as soon as there is one. */
export function useAnswer<T>(question: Question<T>): Loaded<T> {
  const { answers } = usePage();
  return useSyncExternalStore(answers.subscribe, () => answers.read(question));
}

/** As the reader's language writes numbers, shares and dates. */
export function useFormats() {
  const { language } = usePage();
  const number = new Intl.NumberFormat(language);
  const share = new Intl.NumberFormat(language, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  return {
    number: (value: number) => number.format(value),
    share: (value: number) => share.format(value),
    date: (iso: string) => date.format(new Date(iso)),
  };
}
