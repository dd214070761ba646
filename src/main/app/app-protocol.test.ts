import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locate } from './app-protocol.ts';

const files = { rendererFolder: '/app/renderer', productFolder: '/app/products' };

describe('locate', () => {
  it.each([
    ['app://kiosk/shopper/index.html', { kind: 'file', path: '/app/renderer/shopper/index.html' }],
    ['app://kiosk/products/lemon.webp', { kind: 'file', path: '/app/products/lemon.webp' }],
    ['app://kiosk/photo/p-1.jpg', { kind: 'photo', id: 'p-1' }],
    ['app://kiosk/', null],
    ['app://kiosk/products/', null],
    ['app://kiosk/%2e%2e/%2e%2e/a.js', { kind: 'file', path: '/app/renderer/a.js' }],
    ['app://kiosk/products/..%2f..%2fetc/passwd', null],
    ['app://kiosk/a%00b.html', null],
    ['app://kiosk/a%5c..%5cb.html', null],
    ['app://kiosk/%zz', null],
  ])('%s', (address, expected) => {
    expect(locate(address, files)).toEqual(expected);
  });

  it('never leads out of its two folders', () => {
    const piece = fc.oneof(
      fc.constantFrom('..', '.', '', '%2e%2e', '..%2f', '%5c', '%00', 'products', 'photo', '//'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const place = locate(`app://kiosk/${pieces.join('/')}`, files);
        if (place?.kind !== 'file') return;
        expect(place.path).toMatch(/^\/app\/(renderer|products)\/./);
        expect(place.path.split('/')).not.toContain('..');
      }),
    );
  });
});
