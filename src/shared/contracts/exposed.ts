import type { Contract } from './contract.ts';

/** The names of one audience's channels: all that a preload knows of its contract. */
export interface ExposedNames {
  readonly audience: string;
  readonly requests: readonly string[];
  readonly messages: readonly string[];
  readonly events: readonly string[];
}

const option = '--freshlane-expose=';

/**
 * What a window's `additionalArguments` have to be for its preload to give the page these contracts. So
 * a preload has nothing of the tables, nor of the parser in them, and a page nothing of other pages'.
 */
export function exposing(contracts: readonly Contract[]): string[] {
  return contracts.map(({ audience, requests, messages, events }) => {
    const lists = [requests, messages, events].map((table) => Object.keys(table).join(','));
    return `${option}${[audience, ...lists].join('/')}`;
  });
}

/** The same as the preload finds it in its process's arguments. */
export function exposedIn(argv: readonly string[]): readonly ExposedNames[] {
  const listed = (names = '') => (names === '' ? [] : names.split(','));
  return argv
    .filter((argument) => argument.startsWith(option))
    .map((argument) => {
      const [audience = '', ...lists] = argument.slice(option.length).split('/');
      const [requests, messages, events] = lists;
      return {
        audience,
        requests: listed(requests),
        messages: listed(messages),
        events: listed(events),
      };
    });
}
