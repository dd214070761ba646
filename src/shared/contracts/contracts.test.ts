import { expect, it } from 'vitest';
import { exposedIn, exposing } from './exposed.ts';
import { contracts } from './testing/contracts.ts';

const namesOf = ({ requests, messages, events }: (typeof contracts)[number]) =>
  [requests, messages, events].map((table) => Object.keys(table));

it('no two channels have the same name', () => {
  const names = contracts.flatMap(namesOf).flat();
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

it('every channel is named as noun:verb, and so that it passes through the command line', () => {
  const names = contracts.flatMap(namesOf).flat();
  expect(names.filter((name) => !/^[a-z-]+:[a-z-]+$/.test(name))).toEqual([]);
});

it('every table of this folder is among those tested', () => {
  const apart = ['contract', 'exposed', 'refusal', 'values'];
  const tables = Object.keys(import.meta.glob(['./*.ts', '!./*.test.ts']))
    .map((file) => file.slice('./'.length, -'.ts'.length))
    .filter((name) => !apart.includes(name));
  expect(tables.toSorted()).toEqual(contracts.map(({ audience }) => audience).toSorted());
});

it('a preload finds the names of the audiences it was told of, and no others', () => {
  for (const told of [contracts, contracts.slice(0, 1), []]) {
    const argv = ['electron', '--type=renderer', ...exposing(told), '--lang=en'];
    expect(exposedIn(argv)).toEqual(
      told.map((contract) => {
        const [requests, messages, events] = namesOf(contract);
        return { audience: contract.audience, requests, messages, events };
      }),
    );
  }
});
