import { describe, expect, it } from 'vitest';
import { OptionsError, parseOptions } from './options.ts';

const parse = (...args: string[]) => parseOptions(args, '/shop');

describe('parseOptions', () => {
  it('has a default for everything', () => {
    expect(parse()).toMatchObject({
      demo: false,
      camera: null,
      orientation: 'portrait',
      seed: null,
    });
  });

  it('reads paths from the working folder', () => {
    expect(parse('--data=till', '--pictures', '/pictures')).toMatchObject({
      data: '/shop/till',
      pictures: '/pictures',
    });
  });

  it('leaves the switches of Chromium alone', () => {
    expect(parse('--no-sandbox', '--enable-unsafe-swiftshader', '--demo').demo).toBe(true);
  });

  it.each([
    [['--camera=phone'], '--camera=phone is not one of live, webcam, tray.'],
    [['--seed=-1'], '--seed=-1 is not a whole number.'],
    [['--terminal=bank'], '--terminal=bank is not one of'],
    [['--ledger=mend'], '--ledger=mend is not one of verify, export.'],
    [['--colour=green'], '--colour'],
    [['--terminal-answer-ms=soon'], '--terminal-answer-ms=soon is not a whole number.'],
    [['--render-film=a'], '--render-film'],
    [['shop.json'], 'shop.json'],
  ])('names what is wrong in %j', (args, message) => {
    expect(() => parse(...args)).toThrow(OptionsError);
    expect(() => parse(...args)).toThrow(message);
  });
});
