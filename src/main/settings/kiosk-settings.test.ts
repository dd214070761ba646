import { describe, expect, it } from 'vitest';
import { parseKioskSettings } from './kiosk-settings.ts';

/** The text of settings with a tray of these corners. */
function tray(...corners: readonly (readonly [x: number, y: number])[]): string {
  return JSON.stringify({ camera: { tray: corners.map(([x, y]) => ({ x, y })) } });
}

describe('parseKioskSettings', () => {
  it('has a default for every setting', () => {
    expect(parseKioskSettings(null)).toMatchObject({
      settings: { store: { currency: 'EUR', languages: ['en', 'de'] }, camera: { kind: 'live' } },
    });
  });

  it('keeps what is set, and reads past a byte order mark', () => {
    expect(parseKioskSettings('\uFEFF{"store":{"name":"Corner"}}')).toMatchObject({
      settings: { store: { name: 'Corner', region: 'IE' } },
    });
  });

  it('keeps how the camera is mounted, whichever way round the tray is told', () => {
    const corners = [
      { x: 0.1, y: 0.2 },
      { x: 0.9, y: 0.1 },
      { x: 1, y: 1 },
      { x: 0, y: 0.9 },
    ];
    for (const tray of [corners, corners.toReversed()]) {
      const camera = { turned: 270, mirrored: true, tray, mainsHz: 60, fixedExposure: false };
      expect(parseKioskSettings(JSON.stringify({ camera }))).toMatchObject({
        settings: { camera },
      });
    }
  });

  it('reads settings of the time when every camera had the same ones', () => {
    const mounted = { turned: 180, mirrored: false, tray: null };
    const camera = { ...mounted, kind: 'tray', device: 'left', mainsHz: 50, fixedExposure: true };
    const text = JSON.stringify({ camera, terminal: { kind: 'demo' } });
    expect(parseKioskSettings(text)).toMatchObject({
      settings: { camera: { kind: 'tray', seed: 1, ...mounted }, terminal: { kind: 'demo' } },
    });
  });

  it('never repeats what may be a key', () => {
    const result = parseKioskSettings('{"recognition":{"PredictionKey": s3cr3t}}');
    expect(JSON.stringify(result)).not.toContain('s3c');
  });

  it.each([
    ['{', 'settings.json', 'is not'],
    ['{\n"store" 1}', 'settings.json', 'look at line 2'],
    ['[]', 'settings.json', 'expected object'],
    ['{"store":{"currency":"euro"}}', 'store.currency', 'three capitals'],
    ['{"store":{"languages":[]}}', 'store.languages', ''],
    ['{"camera":{"kind":"phone"}}', 'camera.kind', '"live"|"webcam"|"tray"'],
    ['{"camera":{"kind":"live","seed":1,"seeds":2}}', 'camera', '"seeds"'],
    ['{"scale":{"kind":"kitchen"}}', 'scale.kind', '"none"|"tray"'],
    ['{"scale":{"kind":"tray"}}', 'scale.kind', 'camera.kind is live'],
    [
      '{"recogniser":{"kind":"engine"},"store":{"keepsPictures":true}}',
      'store.keepsPictures',
      'keeps no pictures',
    ],
    ['{"scale":{"grams":1}}', 'scale', '"grams"'],
    ['{"recogniser":{"kind":"azure"}}', 'recogniser.kind', '"engine"|"custom-vision"'],
    ['{"recogniser":"engine"}', 'recogniser', 'expected object'],
    ['{"terminal":{"kind":"cash"}}', 'terminal.kind', '"demo"'],
    ['{"terminal":{"behaviour":"pays"}}', 'terminal.behaviour', '"approves"'],
    ['{"camera":{"turned":45}}', 'camera.turned', 'is not 0, 90, 180 or 270 degrees'],
    ['{"camera":{"turned":"90"}}', 'camera.turned', 'is not 0, 90, 180 or 270 degrees'],
    ['{"camera":{"mirrored":1}}', 'camera.mirrored', 'expected boolean'],
    ['{"camera":{"mainsHz":55}}', 'camera.mainsHz', 'is not 50, 60 or null'],
    ['{"camera":{"fixedExposure":null}}', 'camera.fixedExposure', 'expected boolean'],
    [tray([0, 0], [1, 0], [1, 1]), 'camera.tray', 'has 3 corners; a tray has four'],
    [tray([0, 0], [1, 0], [1, 1], [0, 1], [0, 0.5]), 'camera.tray', 'has 5 corners'],
    [
      tray([0, 0], [1, 0], [1, 1.2], [0, 1]),
      'camera.tray',
      'has corner 3 at 1, 1.2, outside of the picture',
    ],
    [tray([-0.01, 0], [1, 0], [1, 1], [0, 1]), 'camera.tray', 'has corner 1 at -0.01, 0'],
    [tray([0, 0], [1, 1], [1, 0], [0, 1]), 'camera.tray', 'has sides that cross'],
    [tray([0, 0], [1, 0], [0.2, 0.2], [0, 1]), 'camera.tray', 'points inwards'],
    [tray([0, 1], [0.2, 0.2], [1, 0], [0, 0]), 'camera.tray', 'points inwards'],
    [tray([0, 0], [0.2, 0], [0.2, 0.2], [0, 0.2]), 'camera.tray', 'is 4.0 % of the picture'],
    [tray([0, 0], [0, 0], [0, 0], [0, 0]), 'camera.tray', 'is 0.0 % of the picture'],
    ['{"camera":{"tray":[[0,0],[1,0],[1,1],[0,1]]}}', 'camera.tray.0', 'expected object'],
    ['{"camera":{"tray":"whole"}}', 'camera.tray', 'expected array'],
    ['{"colour":"green"}', 'settings.json', 'colour'],
  ])('names the setting in %s', (text, setting, message) => {
    const result = parseKioskSettings(text);
    expect(result).toHaveProperty('problems');
    if ('problems' in result) {
      expect(result.problems[0]).toMatchObject({
        setting,
        message: expect.stringContaining(message) as string,
      });
    }
  });
});
