import { describe, expect, test } from 'vitest';
import { hashOf, routeOf } from './route.ts';
import type { Route } from './route.ts';

describe('an address', () => {
  test.each<[string, Route]>([
    ['', { kind: 'projects' }],
    ['#/', { kind: 'projects' }],
    ['#/project/', { kind: 'projects' }],
    ['#/elsewhere/1', { kind: 'projects' }],
    ['#/project/a', { kind: 'project', projectId: 'a', tab: 'photos' }],
    ['#/project/a/try', { kind: 'project', projectId: 'a', tab: 'try' }],
    ['#/project/a/no-such-tab', { kind: 'project', projectId: 'a', tab: 'photos' }],
    ['#/project/%E0%A4%A/try', { kind: 'project', projectId: '%E0%A4%A', tab: 'try' }],
  ])('%j', (hash, route) => expect(routeOf(hash)).toEqual(route));

  test('comes back as it was written', () => {
    const route: Route = { kind: 'project', projectId: 'a/ä ?', tab: 'performance' };
    expect(routeOf(hashOf(route))).toEqual(route);
  });
});
