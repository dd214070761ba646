import { describe, expect, it } from 'vitest';
import type { Snapshot, StoreView } from '../../shared/snapshot.ts';
import { idleState, outOfOrderState } from '../checkout/state.ts';
import { createKioskView } from './view.ts';

const store: StoreView = {
  name: 'Corner Shop',
  currency: 'EUR',
  region: 'IE',
  languages: ['en', 'de'],
  demo: false,
  keepsPictures: false,
};

function openView() {
  const published: Snapshot[] = [];
  let waiting: { run: () => void } | null = null;
  const view = createKioskView(
    {
      store,
      clock: {
        schedule: (_delayMs, run) => {
          const own = { run };
          waiting = own;
          return () => {
            if (waiting === own) waiting = null;
          };
        },
      },
      catalogue: () => ({ currency: 'EUR', products: [] }),
      hasPhoto: () => false,
      publish: (snapshot) => published.push(snapshot),
    },
    idleState(0),
  );
  return { view, published, timePasses: () => waiting?.run() };
}

describe('what the window shows besides the sale', () => {
  it('numbers every snapshot higher than the one before', () => {
    const { view, published } = openView();
    view.setNotice('camera-lost', true);
    view.setLooking(1);
    view.show(outOfOrderState('ledger'));
    expect(published.map(({ revision }) => revision)).toEqual([1, 2, 3]);
    expect(view.snapshot()).toBe(published.at(-1));
  });

  it('publishes nothing where nothing changes', () => {
    const { view, published } = openView();
    view.setNotice('camera-lost', false);
    view.setLooking(0);
    view.setRegion('p1', { left: 0, top: 0, width: 0.1, height: 0.1 });
    expect(published).toEqual([]);
  });

  it('shows what fails most first', () => {
    const { view } = openView();
    view.setNotice('recognition-down', true);
    view.setNotice('camera-lost', true);
    expect(view.snapshot().notices).toEqual(['camera-lost', 'recognition-down']);
  });

  it('forgets the language of whoever chose one and walked away', () => {
    const { view, timePasses } = openView();
    view.setLanguage('de');
    expect(view.snapshot().language).toBe('de');
    timePasses();
    expect(view.snapshot().language).toBe('en');
  });

  it('keeps the language of whoever is in a sale', () => {
    const { view, timePasses } = openView();
    view.setLanguage('de');
    view.setDisplay({ largerText: true, highContrast: false, lowered: false });
    view.show(outOfOrderState('ledger'));
    timePasses();
    expect(view.snapshot()).toMatchObject({ language: 'de', display: { largerText: true } });
    view.forgetShopper();
    expect(view.snapshot()).toMatchObject({ language: 'en', display: { largerText: false } });
  });
});
