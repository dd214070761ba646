import { createRoot } from 'react-dom/client';
import type { KioskApi } from '../../shared/ipc.ts';
import { dropStrayTaps } from '../parts/stray-taps.ts';
import { App } from './app.tsx';
import { createSnapshotStore } from './snapshot-store.ts';
import '../parts/tokens.css';
import '../parts/base.css';

declare global {
  interface Window {
    readonly kiosk: KioskApi;
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
const store = createSnapshotStore(window.kiosk, (again) => setTimeout(again, retryMs));
createRoot(root).render(<App api={window.kiosk} store={store} />);
