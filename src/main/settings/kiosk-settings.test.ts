import { describe, expect, it } from 'vitest';
import { parseKioskSettings } from './kiosk-settings.ts';

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

  it('keeps how the camera is mounted, and what it is asked for', () => {
    const camera = { turned: 270, mirrored: true, mainsHz: 60, fixedExposure: false };
    expect(parseKioskSettings(JSON.stringify({ camera }))).toMatchObject({ settings: { camera } });
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
    ['{"camera":{"turned":45}}', 'camera.turned', 'is not 0, 90, 180 or 270 degrees'],
    ['{"camera":{"turned":"90"}}', 'camera.turned', 'is not 0, 90, 180 or 270 degrees'],
    ['{"camera":{"mirrored":1}}', 'camera.mirrored', 'expected boolean'],
    ['{"camera":{"mainsHz":55}}', 'camera.mainsHz', 'is not 50, 60 or null'],
    ['{"camera":{"fixedExposure":null}}', 'camera.fixedExposure', 'expected boolean'],
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
