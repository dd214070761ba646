import type { Checkout } from '../checkout/checkout.ts';
import type { CheckoutInput } from '../checkout/commands.ts';
import { RequestError } from '../ipc/serve.ts';
import type { Handlers } from '../ipc/serve.ts';
import type { Catalogue } from '../../shared/catalogue.ts';
import { lookupEntries } from './view.ts';
import type { KioskView } from './view.ts';

export interface HandlerParts {
  readonly checkout: Pick<Checkout, 'dispatch'>;
  readonly view: KioskView;
  readonly catalogue: () => Catalogue;
  readonly demo: { lay: (productId: string) => void; take: (instanceId: string) => void } | null;
}

/** What each of the window's requests does. */
export function kioskHandlers({ checkout, view, catalogue, demo }: HandlerParts): Handlers {
  const tell = async (input: CheckoutInput): Promise<null> => {
    const done = await checkout.dispatch(input);
    if (done.kind === 'refused') {
      if (done.reason === 'still-looking') view.admitLooking();
      throw new RequestError(done.reason, `The checkout refused ${input.kind}.`);
    }
    return null;
  };
  /** What never reaches the sale is a sign of the shopper all the same. */
  const present = (): void => {
    void checkout.dispatch({ kind: 'still-there-answered' });
  };
  const inDemo = (act: (virtualTray: NonNullable<typeof demo>) => void): null => {
    if (demo === null) throw new RequestError('not-the-demo', 'There is no virtual tray here.');
    act(demo);
    return null;
  };

  return {
    'kiosk:snapshot': () => view.snapshot(),
    'catalogue:list': () => lookupEntries(catalogue()),
    'language:choose': ({ language }) => {
      view.setLanguage(language);
      present();
      return null;
    },
    'display:choose': (display) => {
      view.setDisplay(display);
      present();
      return null;
    },
    'help:call': () => tell({ kind: 'help-called' }),
    'help:dismiss': () => tell({ kind: 'help-dismissed' }),
    'sale:start': () => tell({ kind: 'sale-started' }),
    'sale:undo': () => tell({ kind: 'undone' }),
    'sale:cancel': () => tell({ kind: 'sale-cancelled' }),
    'sale:pay': ({ totalMinor }) => tell({ kind: 'payment-started', totalMinor }),
    'payment:cancel': () => tell({ kind: 'cancel-asked' }),
    'payment:back': () => tell({ kind: 'payment-returned' }),
    'receipt:done': () => tell({ kind: 'receipt-done' }),
    'shopper:present': () => tell({ kind: 'still-there-answered' }),
    'line:set-quantity': ({ lineId, quantity }) => tell({ kind: 'quantity-set', lineId, quantity }),
    'line:remove': ({ lineId }) => tell({ kind: 'line-removed', lineId }),
    'line:correct': ({ lineId }) => tell({ kind: 'correction-started', lineId }),
    'product:choose': ({ questionId, productId }) =>
      tell({ kind: 'product-chosen', questionId, productId }),
    'ask:none': ({ questionId }) => tell({ kind: 'none-of-these', questionId }),
    'item:leave-out': ({ questionId }) => tell({ kind: 'left-out', questionId }),
    'lookup:open': () => tell({ kind: 'lookup-opened' }),
    'lookup:close': ({ questionId }) => tell({ kind: 'lookup-closed', questionId }),
    'demo:lay': ({ productId }) => inDemo((virtualTray) => virtualTray.lay(productId)),
    'demo:take': ({ instanceId }) => inDemo((virtualTray) => virtualTray.take(instanceId)),
  };
}
