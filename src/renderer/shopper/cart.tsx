import { useState } from 'react';
import type { CartView, Screen } from '../../shared/snapshot.ts';
import { Sheet } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { Key } from '../parts/key.tsx';
import { ScrollArea } from '../parts/scroll-area.tsx';
import { cameraHelps } from './camera-helps.ts';
import { CartLine } from './cart-line.tsx';
import { send, useKiosk } from './kiosk.ts';
import { countArrival, newestFirst, undoableRemoval } from './line-history.ts';
import { ScreenHeading } from './screen-heading.tsx';
import { TrayPicture, TrayStatus } from './tray.tsx';
import './cart.css';

type Cart = Extract<Screen, { kind: 'cart' }>;

export function CartScreen({ screen }: { readonly screen: Cart }) {
  const { snapshot, wording, api } = useKiosk();
  const { cart } = snapshot;
  const { t } = wording;
  const { arrival, undoable } = useLineHistory(cart, screen.latest?.lineId ?? null);

  return (
    <div className="cart">
      <ScreenHeading>{t('cart.title')}</ScreenHeading>
      <section className="tray cart-tray">
        <TrayPicture region={screen.latest?.region ?? null} demo={snapshot.store.demo} />
        <TrayStatus latest={screen.latest} looking={screen.looking} arrival={arrival.count} />
      </section>
      {cart.lines.length === 0 ? (
        <div className="cart-list cart-empty">
          <p className="cart-empty-title">{t('cart.empty')}</p>
          {cameraHelps(snapshot.notices) ? <p className="how">{t('cart.emptyHow')}</p> : null}
        </div>
      ) : (
        <ScrollArea
          className="cart-list"
          moreLabel={t('cart.moreBelow')}
          topKey={String(arrival.count)}
        >
          <ul className="cart-lines" aria-label={t('cart.title')}>
            {newestFirst(cart.lines, screen.latest?.lineId ?? null).map((line) => (
              <CartLine
                key={line.lineId}
                line={line}
                arrival={line.lineId === arrival.lineId ? arrival.count : null}
                undoable={line.lineId === undoable}
              />
            ))}
          </ul>
        </ScrollArea>
      )}
      <div className="cart-sum">
        <div className="cart-count">
          <p className="cart-total-word">{t('cart.total')}</p>
          <p className="cart-items">{t('cart.items', { count: cart.itemCount })}</p>
        </div>
        <CancelSale itemCount={cart.itemCount} />
        <p className="cart-total amount">{wording.money(cart.totalMinor)}</p>
      </div>
      <div className="cart-keys">
        <Key disabled={!cart.canUndo} onPress={() => send(api.request['sale:undo']())}>
          <Icon name="undo" />
          {t('cart.undo')}
        </Key>
        <Key onPress={() => send(api.request['lookup:open']())}>
          <Icon name="search" />
          {t('cart.find')}
        </Key>
        <PayKey cart={cart} looking={screen.looking} />
      </div>
    </div>
  );
}

/** Waits while a thing is being recognised: it belongs to what is paid. */
function PayKey({ cart, looking }: { readonly cart: CartView; readonly looking: boolean }) {
  const { wording, api } = useKiosk();
  const { t } = wording;
  const { itemCount, totalMinor } = cart;
  const empty = itemCount === 0;
  const waiting = looking && !empty;
  const face = empty ? t('cart.pay') : t('cart.payAmount', { amount: wording.money(totalMinor) });
  return (
    <Key
      look="main"
      className="cart-pay"
      disabled={empty || waiting}
      {...(waiting ? { label: t('cart.payWaitsWhy') } : {})}
      onPress={() => send(api.request['sale:pay']({ totalMinor }))}
    >
      {waiting ? t('cart.payWaits') : face}
    </Key>
  );
}

function CancelSale({ itemCount }: { readonly itemCount: number }) {
  const { wording, api } = useKiosk();
  const { t } = wording;
  const [asking, setAsking] = useState(false);
  const cancel = () => send(api.request['sale:cancel']());
  return (
    <>
      <Key
        look="quiet"
        size="small"
        className="cart-cancel"
        onPress={() => (itemCount === 0 ? cancel() : setAsking(true))}
      >
        {t('cart.cancel')}
      </Key>
      {asking ? (
        <Sheet
          title={t('cart.cancelTitle')}
          text={t('cart.cancelText', { count: itemCount })}
          onClose={() => setAsking(false)}
        >
          <div className="dialog-keys">
            <Key onPress={cancel}>{t('cart.cancelYes')}</Key>
            <Key look="main" onPress={() => setAsking(false)}>
              {t('cart.cancelKeep')}
            </Key>
          </div>
        </Sheet>
      ) : null}
    </>
  );
}

/** What only two carts in a row can tell: which line shines, and which removal Undo takes back. */
function useLineHistory(cart: CartView, latestLineId: string | null) {
  const [known, setKnown] = useState(() => ({
    cart,
    arrival: { lineId: latestLineId, count: 0 },
    undoable: undoableRemoval(null, { ...cart, lines: [] }, cart),
  }));
  const arrival = countArrival(known.arrival, latestLineId, known.cart, cart);
  const undoable = undoableRemoval(known.undoable, known.cart, cart);
  if (known.cart !== cart || known.arrival !== arrival) setKnown({ cart, arrival, undoable });
  return { arrival, undoable };
}
