import { describe, expect, it } from 'vitest';
import { createSumScale } from './scale.ts';

describe('a scale that shows the sum', () => {
  it('weighs each placement by the difference it makes', () => {
    let total = 0;
    const scale = createSumScale(() => total);
    scale.placed('a');
    total = 412;
    expect(scale.weigh('a')).toBe(412);
    scale.placed('b');
    total = 500.4;
    expect(scale.weigh('b')).toBe(88);
  });

  it('forgets what has left', () => {
    let total = 0;
    const scale = createSumScale(() => total);
    scale.placed('a');
    total = 400;
    scale.weigh('a');
    total = 0;
    scale.left('a');
    scale.placed('b');
    total = 150;
    expect(scale.weigh('b')).toBe(150);
  });

  it('gives no reading for two that came at once, and is right again afterwards', () => {
    let total = 0;
    const scale = createSumScale(() => total);
    scale.placed('a');
    scale.placed('b');
    total = 300;
    expect(scale.weigh('a')).toBeNull();
    expect(scale.weigh('b')).toBeNull();
    scale.placed('c');
    total = 420;
    expect(scale.weigh('c')).toBe(120);
  });

  it('gives no reading where nothing was added', () => {
    const scale = createSumScale(() => 0);
    scale.placed('a');
    expect(scale.weigh('a')).toBeNull();
  });
});
