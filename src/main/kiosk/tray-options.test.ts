import { expect, it } from 'vitest';
import { parseKioskSettings } from '../settings/kiosk-settings.ts';
import { trayOptionsOf } from './tray-options.ts';

function optionsFor(camera: object) {
  const parsed = parseKioskSettings(JSON.stringify({ camera }));
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return trayOptionsOf(parsed.settings);
}

it('the tray is where the settings say, or all that the camera sees', () => {
  const tray = [
    { x: 0.1, y: 0.1 },
    { x: 0.9, y: 0.1 },
    { x: 0.9, y: 0.9 },
    { x: 0.1, y: 0.9 },
  ];
  expect(optionsFor({ tray })).toMatchObject({ corners: tray });
  expect(optionsFor({})).toMatchObject({ corners: null });
});

it.each([
  { kind: 'live', isFilm: true },
  { kind: 'webcam', isFilm: false },
  { kind: 'tray', isFilm: false },
])('what comes at once is light where the camera $kind gives a film: $isFilm', (its) => {
  const { suddenIsLight, stillFrozenMs } = optionsFor({ kind: its.kind });
  expect(suddenIsLight).toBe(its.isFilm);
  expect(stillFrozenMs).toBe(its.isFilm ? undefined : Number.POSITIVE_INFINITY);
});
