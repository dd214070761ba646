import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hasDisplay } from './display.mjs';
import { inProject } from './project.mjs';
import { checkNode } from './setup.mjs';
import { argumentsFor } from './start.mjs';

describe('checkNode', () => {
  test.each(['20.19.0', '20.20.2', '22.0.0', '26.1.0'])('lets %s through', (version) => {
    expect(() => checkNode(version)).not.toThrow();
  });

  test.each(['18.20.0', '20.18.3', '9.99.0'])('refuses %s and says what is needed', (version) => {
    expect(() => checkNode(version)).toThrow(`needs Node 20.19 or newer; this is Node ${version}`);
  });
});

describe('argumentsFor', () => {
  test('where nobody can look, plays the demo sale', () => {
    expect(argumentsFor([], false, '/pictures')).toEqual([
      '--demo-sale',
      '--pictures',
      '/pictures',
    ]);
  });

  test('where somebody can look, adds nothing', () => {
    expect(argumentsFor([], true, '/pictures')).toEqual([]);
  });

  test('does what was asked, wherever', () => {
    expect(argumentsFor(['--camera=live'], false, '/pictures')).toEqual(['--camera=live']);
  });
});

test.each([
  ['linux', {}, false],
  ['linux', { DISPLAY: '' }, false],
  ['linux', { DISPLAY: ':0' }, true],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
  ['win32', {}, true],
])('a display on %s with %o: %s', (platform, env, expected) => {
  expect(hasDisplay(env, /** @type {NodeJS.Platform} */ (platform))).toBe(expected);
});

test('package-lock.json is in step with package.json', () => {
  const manifest = JSON.parse(readFileSync(inProject('package.json'), 'utf8'));
  const root = JSON.parse(readFileSync(inProject('package-lock.json'), 'utf8')).packages[''];
  expect(root.dependencies).toEqual(manifest.dependencies);
  expect(root.devDependencies).toEqual(manifest.devDependencies);
});
