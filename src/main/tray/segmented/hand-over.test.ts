import { describe, expect, test } from 'vitest';

import type { Placement } from '../tracker.ts';
import type { TrayEvent } from '../tray-event.ts';
import { handOver, retold } from './hand-over.ts';

const atMs = 700;

function at(placementId: string, left: number, top: number, width = 0.2, height = 0.2): Placement {
  return { placementId, region: { left, top, width, height } };
}

const summary = (events: readonly TrayEvent[]): readonly string[] =>
  events.map((event) => `${event.kind} ${'placementId' in event ? event.placementId : ''}`);

interface Case {
  readonly name: string;
  readonly told: readonly Placement[];
  readonly seen: readonly Placement[];
  readonly toldAs: Readonly<Record<string, readonly string[]>>;
  readonly events: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: 'what both see in about one place keeps its id',
    told: [at('s1', 0.1, 0.1), at('s2', 0.6, 0.1)],
    seen: [at('p1', 0.62, 0.12), at('p2', 0.08, 0.1)],
    toldAs: { p1: ['s2'], p2: ['s1'] },
    events: [],
  },
  {
    name: 'what only the new one sees is placed',
    told: [at('s1', 0.1, 0.1)],
    seen: [at('p1', 0.1, 0.1), at('p2', 0.6, 0.6)],
    toldAs: { p1: ['s1'] },
    events: ['placed p2'],
  },
  {
    name: 'what only the old one told is removed',
    told: [at('s1', 0.1, 0.1), at('s2', 0.6, 0.6)],
    seen: [at('p1', 0.1, 0.1)],
    toldAs: { p1: ['s1'] },
    events: ['removed s2'],
  },
  {
    name: 'where the edges alone are common it is another thing',
    told: [at('s1', 0.1, 0.1)],
    seen: [at('p1', 0.25, 0.1)],
    toldAs: {},
    events: ['removed s1', 'placed p1'],
  },
  {
    name: 'of two that overlap, the nearer is the same',
    told: [at('s1', 0.1, 0.1), at('s2', 0.15, 0.1)],
    seen: [at('p1', 0.14, 0.1), at('p2', 0.09, 0.1)],
    toldAs: { p1: ['s2'], p2: ['s1'] },
    events: [],
  },
  {
    name: 'a small thing on a large one is itself',
    told: [at('s1', 0.1, 0.1, 0.6, 0.6), at('s2', 0.3, 0.3, 0.1, 0.1)],
    seen: [at('p1', 0.1, 0.1, 0.6, 0.6), at('p2', 0.3, 0.3, 0.1, 0.1)],
    toldAs: { p1: ['s1'], p2: ['s2'] },
    events: [],
  },
  {
    name: 'two that are seen as one stay two',
    told: [at('s1', 0.1, 0.1), at('s2', 0.3, 0.1)],
    seen: [at('p1', 0.1, 0.1, 0.4, 0.2)],
    toldAs: { p1: ['s1', 's2'] },
    events: [],
  },
  {
    name: 'four that are seen as one stay four',
    told: [at('s1', 0.1, 0.1), at('s2', 0.3, 0.1), at('s3', 0.5, 0.1), at('s4', 0.7, 0.1)],
    seen: [at('p1', 0.1, 0.1, 0.8, 0.2)],
    toldAs: { p1: ['s1', 's2', 's3', 's4'] },
    events: [],
  },
  {
    name: 'a small one in the box of a large one is not that',
    told: [at('s1', 0.3, 0.3, 0.1, 0.1)],
    seen: [at('p1', 0.1, 0.1, 0.6, 0.6)],
    toldAs: {},
    events: ['removed s1', 'placed p1'],
  },
  {
    name: 'a part of one that is seen apart is asked about',
    told: [at('s1', 0.1, 0.1, 0.4, 0.2)],
    seen: [at('p1', 0.1, 0.1, 0.25, 0.2), at('p2', 0.35, 0.1, 0.15, 0.2)],
    toldAs: { p1: ['s1'] },
    events: ['placed p2'],
  },
  { name: 'nothing goes over to nothing', told: [], seen: [], toldAs: {}, events: [] },
];

test.each(cases)('$name', ({ told, seen, toldAs, events }) => {
  const over = handOver(told, seen, atMs);
  expect(Object.fromEntries(over.toldAs)).toEqual(toldAs);
  expect(summary(over.events)).toEqual(events);
});

test('what is placed may be a hand or light, and is asked about', () => {
  const { events } = handOver([], [at('p1', 0.1, 0.1)], atMs);
  const { region } = at('p1', 0.1, 0.1);
  expect(events).toEqual([
    { kind: 'placed', placementId: 'p1', region, atMs, stillSinceMs: atMs, unsure: true },
  ]);
});

describe('afterwards', () => {
  const toldAs = new Map([
    ['p1', ['s1']],
    ['p2', ['s2', 's3']],
  ]);
  const { region } = at('', 0.1, 0.1);

  test.each<{ readonly event: TrayEvent; readonly told: readonly string[] }>([
    { event: { kind: 'removed', placementId: 'p1', region, atMs }, told: ['removed s1'] },
    { event: { kind: 'moved', placementId: 'p2', region, atMs }, told: ['moved s2', 'moved s3'] },
    { event: { kind: 'removed', placementId: 'p7', region, atMs }, told: ['removed p7'] },
    {
      event: { kind: 'placed', placementId: 'p8', region, atMs, stillSinceMs: atMs },
      told: ['placed p8'],
    },
    { event: { kind: 'seeing', atMs }, told: ['seeing '] },
  ])('$event.kind of $event.placementId is told as $told', ({ event, told }) => {
    expect(summary(retold(event, toldAs))).toEqual(told);
  });
});
