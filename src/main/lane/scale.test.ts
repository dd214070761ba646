import { describe, expect, it } from 'vitest';
import { createSumScale } from './scale.ts';

describe('a scale that shows the sum', () => {
  it('weighs each placement by the step it makes', () => {
    const scale = createSumScale();
    scale.shows(412);
    scale.placed('a');
    expect(scale.weigh('a')).toBe(412);
    scale.shows(500.4);
    scale.placed('b');
    expect(scale.weigh('b')).toBe(88);
  });

  it('takes a step that comes after the placement', () => {
    const scale = createSumScale();
    scale.placed('a');
    scale.shows(412);
    expect(scale.weigh('a')).toBe(412);
  });

  it('is not led astray by what is taken away meanwhile', () => {
    const scale = createSumScale();
    scale.shows(500);
    scale.placed('b');
    scale.weigh('b');
    scale.shows(1300);
    scale.placed('a');
    scale.shows(800);
    scale.left('b');
    expect(scale.weigh('a')).toBe(800);
  });

  it('weighs one while the next already lies there', () => {
    const scale = createSumScale();
    scale.shows(800);
    scale.placed('a');
    scale.shows(1100);
    expect(scale.weigh('a')).toBe(800);
    scale.placed('c');
    expect(scale.weigh('c')).toBe(300);
  });

  it.each([['one after the other'], ['in one step']])(
    'gives no reading for two that came at once, %s, and is right again afterwards',
    (how) => {
      const scale = createSumScale();
      if (how === 'one after the other') scale.shows(100);
      scale.shows(300);
      scale.placed('a');
      scale.placed('b');
      expect(scale.weigh('a')).toBeNull();
      expect(scale.weigh('b')).toBeNull();
      scale.shows(420);
      scale.placed('c');
      expect(scale.weigh('c')).toBe(120);
    },
  );

  it('gives no reading where nothing was added', () => {
    const scale = createSumScale();
    scale.placed('a');
    expect(scale.weigh('a')).toBeNull();
  });
});
