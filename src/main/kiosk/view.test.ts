import { describe, expect, it } from 'vitest';
import type { Snapshot, StoreView } from '../../shared/snapshot.ts';
import { evolve } from '../checkout/evolve.ts';
import { closedState, idleState } from '../checkout/state.ts';
import { createKioskView } from './view.ts';

const store: StoreView = {
  name: 'Corner Shop',
  currency: 'EUR',
  region: 'IE',
  languages: ['en', 'de'],
  demo: false,
  keepsPictures: false,
};

const shopping = evolve(idleState(0), {
  kind: 'sale-begun',
  atMs: 1,
  saleId: 's1',
  currency: 'EUR',
  isTraining: false,
});

function openView() {
  const published: Snapshot[] = [];
  let waiting: { run: () => void } | null = null;
  let soon: (() => void)[] = [];
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
      soon: (run) => soon.push(run),
      publish: (snapshot) => published.push(snapshot),
    },
    idleState(0),
  );
  return {
    view,
    published,
    timePasses: () => waiting?.run(),
    /** What goes on just now is over. */
    turnEnds: () => {
      const due = soon;
      soon = [];
      due.forEach((run) => run());
    },
  };
}

describe('what the window shows besides the sale', () => {
  it('numbers every snapshot higher than the one before', () => {
    const { view, published, turnEnds } = openView();
    view.setNotice('camera-lost', true);
    turnEnds();
    view.setLanguage('de');
    turnEnds();
    view.show(closedState('ledger'));
    turnEnds();
    expect(published.map(({ revision }) => revision)).toEqual([1, 2, 3]);
    expect(view.snapshot()).toBe(published.at(-1));
  });

  it('publishes what changes in one go once, and answers with it at once', () => {
    const { view, published, turnEnds } = openView();
    view.setNotice('camera-lost', true);
    view.setLanguage('de');
    expect(view.snapshot()).toMatchObject({ notices: ['camera-lost'], language: 'de' });
    view.setNotice('recognition-down', true);
    turnEnds();
    expect(published).toHaveLength(1);
    expect(published[0]).toMatchObject({
      notices: ['camera-lost', 'recognition-down'],
      language: 'de',
    });
    turnEnds();
    expect(published).toHaveLength(1);
  });

  it('shows that it looks where that takes a while', () => {
    const { view, timePasses, turnEnds } = openView();
    view.show(shopping);
    view.setLooking(1);
    view.setLooking(2);
    expect(view.snapshot().screen).toMatchObject({ looking: false });
    timePasses();
    turnEnds();
    expect(view.snapshot().screen).toMatchObject({ looking: true });
    view.setLooking(1);
    expect(view.snapshot().screen).toMatchObject({ looking: true });
    view.setLooking(0);
    expect(view.snapshot().screen).toMatchObject({ looking: false });
  });

  it('passes over a look that is over at once', () => {
    const { view, published, timePasses, turnEnds } = openView();
    view.show(shopping);
    turnEnds();
    view.setLooking(1);
    view.setLooking(0);
    timePasses();
    turnEnds();
    view.admitLooking();
    turnEnds();
    expect(published).toHaveLength(1);
    view.setLooking(1);
    timePasses();
    expect(view.snapshot().screen).toMatchObject({ looking: true });
  });

  it('publishes nothing where nothing changes', () => {
    const { view, published, turnEnds } = openView();
    view.setNotice('camera-lost', false);
    view.setLooking(0);
    view.setRegion('p1', { left: 0, top: 0, width: 0.1, height: 0.1 });
    turnEnds();
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
    view.show(closedState('ledger'));
    timePasses();
    expect(view.snapshot()).toMatchObject({ language: 'de', display: { largerText: true } });
    view.forgetShopper();
    expect(view.snapshot()).toMatchObject({ language: 'en', display: { largerText: false } });
  });
});
