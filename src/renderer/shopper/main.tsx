import { createRoot } from 'react-dom/client';
import type { PageApi } from '../../shared/contracts/contract.ts';
import type { Demo, Touchable } from '../../shared/contracts/demo.ts';
import type { Shopper } from '../../shared/contracts/shopper.ts';
import { dropStrayTaps } from '../parts/stray-taps.ts';
import { App } from './app.tsx';
import type { AppParts } from './app.tsx';
import { createLatestStore } from './latest-store.ts';
import type { LatestStore } from './latest-store.ts';
import { createRefusals } from './refusals.ts';
import { createSnapshotStore } from './snapshot-store.ts';
import '../parts/tokens.css';
import '../parts/base.css';

declare global {
  interface Window {
    readonly shopper: PageApi<Shopper>;
    /** Where the tray is the virtual one. */
    readonly demo?: PageApi<Demo>;
  }
}

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');

for (const unwanted of ['contextmenu', 'dragstart']) {
  document.addEventListener(unwanted, (event) => event.preventDefault());
}
document.addEventListener(
  'wheel',
  (event) => {
    if (event.ctrlKey) event.preventDefault();
  },
  { passive: false },
);
dropStrayTaps(document);

const retryMs = 500;
const again = (fetch: () => void) => setTimeout(fetch, retryMs);
const { shopper, demo } = window;
const parts: AppParts = {
  api: shopper,
  preview: createLatestStore(
    { listen: shopper.on['preview:changed'], fetch: shopper.request['preview:latest'] },
    again,
  ),
  virtualTray: demo === undefined ? null : { api: demo, touchables: touchablesOf(demo) },
  refusals: createRefusals((ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  }),
};
createRoot(root).render(<App parts={parts} store={createSnapshotStore(shopper, again)} />);

function touchablesOf({ on, request }: PageApi<Demo>): LatestStore<readonly Touchable[]> {
  return createLatestStore(
    { listen: on['demo:touchables-changed'], fetch: request['demo:touchables'] },
    again,
  );
}
