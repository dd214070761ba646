import { useEffect, useLayoutEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { I18nProvider } from 'react-aria-components';
import type { PageApi } from '../../shared/contracts/contract.ts';
import type { LookupEntry, Shopper } from '../../shared/contracts/shopper.ts';
import type { Screen, Snapshot } from '../../shared/snapshot.ts';
import { AskScreen } from './ask.tsx';
import { CartScreen } from './cart.tsx';
import { Header } from './header.tsx';
import { ShopContext, SnapshotContext } from './kiosk.ts';
import type { Shop } from './kiosk.ts';
import { LiveRegion } from './live-region.tsx';
import { LookupScreen } from './lookup.tsx';
import { Notices } from './notices.tsx';
import { OutOfOrderScreen } from './out-of-order.tsx';
import { PayingScreen } from './paying.tsx';
import { ReceiptScreen } from './receipt.tsx';
import { RefusalLine } from './refusal-line.tsx';
import { noting } from './refusals.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import { StillThereDialog } from './still-there.tsx';
import { WelcomeScreen } from './welcome.tsx';
import { wordingFor } from './wording.ts';
import './app.css';

/** What the window has for as long as it lives. */
export type AppParts = Pick<Shop, 'api' | 'preview' | 'virtualTray' | 'refusals'>;

export interface AppProps {
  readonly parts: AppParts;
  readonly store: SnapshotStore;
}

export function App({ parts, store }: AppProps) {
  const snapshot = useSyncExternalStore(store.subscribe, store.current);
  return snapshot === null ? null : <Window parts={parts} snapshot={snapshot} />;
}

function Window({ parts, snapshot }: { readonly parts: AppParts; readonly snapshot: Snapshot }) {
  const { language, store, display } = snapshot;
  const products = useProducts(parts.api);
  const { currency, region } = store;
  const wording = useMemo(
    () => wordingFor(language, { currency, region }),
    [language, currency, region],
  );
  const shop = useMemo(() => {
    const api = { ...parts.api, request: noting(parts.api.request, parts.refusals) };
    return { ...parts, api, wording, products };
  }, [parts, wording, products]);

  // On the root element, because dialogs stand beside the kiosk, not in it.
  useLayoutEffect(() => {
    const root = document.documentElement;
    root.lang = language;
    root.toggleAttribute('data-larger-text', display.largerText);
    root.toggleAttribute('data-high-contrast', display.highContrast);
    root.toggleAttribute('data-lowered', display.lowered);
  }, [language, display.largerText, display.highContrast, display.lowered]);

  return (
    <I18nProvider locale={wording.locale}>
      <ShopContext value={shop}>
        <SnapshotContext value={snapshot}>
          <div
            className="kiosk"
            data-screen={snapshot.screen.kind}
            {...(store.demo ? { 'data-demo': true } : {})}
          >
            <Header
              store={store}
              onWelcome={snapshot.screen.kind === 'welcome'}
              helpCalled={snapshot.helpCalled}
            />
            <main className="main">
              <Notices />
              <div className="screen" key={screenKey(snapshot.screen)}>
                <CurrentScreen screen={snapshot.screen} />
              </div>
            </main>
          </div>
          <LiveRegion />
          <RefusalLine />
          {snapshot.suspendsAtMs === null ? null : (
            <StillThereDialog suspendsAtMs={snapshot.suspendsAtMs} />
          )}
        </SnapshotContext>
      </ShopContext>
    </I18nProvider>
  );
}

function CurrentScreen({ screen }: { readonly screen: Screen }) {
  switch (screen.kind) {
    case 'welcome':
      return <WelcomeScreen />;
    case 'cart':
      return <CartScreen screen={screen} />;
    case 'ask':
      return <AskScreen screen={screen} />;
    case 'lookup':
      return <LookupScreen screen={screen} />;
    case 'paying':
      return <PayingScreen screen={screen} />;
    case 'receipt':
      return <ReceiptScreen receipt={screen.receipt} />;
    case 'out-of-order':
      return <OutOfOrderScreen reason={screen.reason} />;
  }
}

/** Another thing to ask about is another screen; another stage of paying is not. */
function screenKey(screen: Screen): string {
  return 'questionId' in screen ? screen.questionId : screen.kind;
}

const retryMs = 1000;

/** Fetched once: main reads its catalogue at start, and the window lives no longer than main. */
function useProducts(api: PageApi<Shopper>): readonly LookupEntry[] | null {
  const [products, setProducts] = useState<readonly LookupEntry[] | null>(null);
  useEffect(() => {
    let wanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function load(): Promise<void> {
      const reply = await api.request['catalogue:list']().catch(() => null);
      if (!wanted) return;
      if (reply?.ok === true) setProducts(reply.value);
      else timer = setTimeout(() => void load(), retryMs);
    }
    void load();
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [api]);
  return products;
}
