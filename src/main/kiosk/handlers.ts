import type { Checkout } from '../checkout/checkout.ts';
import type { CheckoutInput } from '../checkout/commands.ts';
import type { TrayCamera } from '../camera/tray/tray-camera.ts';
import { RequestError } from '../ipc/serve.ts';
import type { Catalogue } from '../../shared/catalogue.ts';
import type { Handlers } from '../../shared/contracts/contract.ts';
import type { Demo } from '../../shared/contracts/demo.ts';
import type { PreviewPicture, Shopper } from '../../shared/contracts/shopper.ts';
import { touchablesOf } from './touchables.ts';
import { lookupEntries } from './view.ts';
import type { KioskView } from './view.ts';

export interface HandlerParts {
  readonly checkout: Pick<Checkout, 'dispatch'>;
  readonly view: KioskView;
  readonly catalogue: () => Catalogue;
  /** The last frame of the camera; null before the first. */
  readonly preview: () => PreviewPicture | null;
}

/** What each of the shopper's requests does. */
export function shopperHandlers({
  checkout,
  view,
  catalogue,
  preview,
}: HandlerParts): Handlers<Shopper> {
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

  return {
    'kiosk:snapshot': () => view.snapshot(),
    'preview:latest': () => preview(),
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
  };
}

/** What each request of the demo's customer does. */
export function demoHandlers(
  virtualTray: Pick<TrayCamera, 'lay' | 'take' | 'layout'>,
): Handlers<Demo> {
  return {
    'demo:touchables': () => touchablesOf(virtualTray.layout()),
    'demo:lay': ({ productId }) => {
      virtualTray.lay(productId);
      return null;
    },
    'demo:take': ({ instanceId }) => {
      virtualTray.take(instanceId);
      return null;
    },
  };
}
