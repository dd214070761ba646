import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Device, Driver } from './device.ts';
import { createPlace } from './place.ts';
import { createStatusHolder } from './status-holder.ts';

interface Opened extends Device {
  readonly with: unknown;
}

function driver<Settings extends z.ZodObject>(
  settings: Settings,
): Driver<Settings, string, Opened> {
  return {
    title: 'Made for this test',
    settings,
    probe: async () => [],
    open: async (given, context) => ({
      ...createStatusHolder(),
      with: { given, context },
      test: async () => ({ kind: 'failed', message: 'It is not there.' }),
      stop: () => Promise.resolve(),
    }),
  };
}

const place = createPlace(
  {
    cable: driver(
      z.strictObject({ port: z.string().default('COM1'), baud: z.int().default(9600) }),
    ),
    network: driver(
      z
        .strictObject({ host: z.string(), port: z.string().optional() })
        .refine(({ host }) => host !== 'localhost', 'is this machine'),
    ),
  },
  'cable',
);

test('a driver is opened with its own settings', async () => {
  const settings = place.settings.parse({ kind: 'network', host: 'till-scale' });
  const { with: opened } = await place.open(settings, 'the app');
  expect(opened).toEqual({
    given: { kind: 'network', host: 'till-scale' },
    context: 'the app',
  });
});

test('without a kind the default one is meant', () => {
  expect(place.settings.parse({})).toEqual({ kind: 'cable', port: 'COM1', baud: 9600 });
});

test('what only another kind has is passed over, whatever it is', () => {
  expect(place.settings.parse({ kind: 'cable', port: 'COM2', host: 7 })).toEqual({
    kind: 'cable',
    port: 'COM2',
    baud: 9600,
  });
});

test.each<[unknown, PropertyKey[], string]>([
  [{ kind: 'radio' }, ['kind'], 'expected one of "cable"|"network"'],
  [{ kind: null }, ['kind'], 'expected one of "cable"|"network"'],
  [{ kind: '__proto__' }, ['kind'], 'expected one of "cable"|"network"'],
  [{ port: 'COM1', colour: 'green' }, [], '"colour"'],
  [{ kind: 'network' }, ['host'], 'expected string'],
  [{ kind: 'network', host: 'localhost' }, [], 'is this machine'],
  ['cable', [], 'expected object'],
  [[], [], 'expected object'],
  [null, [], 'expected object'],
])('%j is refused where it is wrong', (raw, path, message) => {
  const [issue, ...others] = place.settings.safeParse(raw).error?.issues ?? [];
  expect(issue).toMatchObject({ path, message: expect.stringContaining(message) as string });
  expect(others).toEqual([]);
});
