import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { Touchable } from '../../shared/contracts/demo.ts';
import { send, useShop } from './kiosk.ts';
import type { VirtualTray } from './kiosk.ts';
import './touchables.css';

const keyOf = (touchable: Touchable): string =>
  touchable.instanceId === null
    ? `shelf ${touchable.productId}`
    : `tray ${touchable.instanceId} ${touchable.productId}`;

const none: readonly Touchable[] = [];

/** Keys over the demo's world view: what stands on the shelf can be laid down, and taken again. */
export function Touchables({ virtualTray }: { readonly virtualTray: VirtualTray }) {
  const { wording, products } = useShop();
  const { api, touchables: store } = virtualTray;
  const touchables = useSyncExternalStore(store.subscribe, store.current) ?? none;
  const area = useRef<HTMLFieldSetElement>(null);
  const focused = useRef<string | null>(null);
  const { t } = wording;

  // What was taken from the tray is gone with its key: the focus goes to its place on the shelf.
  useEffect(() => {
    const lost = focused.current;
    if (lost === null || touchables.some((touchable) => keyOf(touchable) === lost)) return;
    focused.current = null;
    const productId = lost.split(' ')[2];
    for (const key of area.current?.querySelectorAll('button') ?? []) {
      if (key.dataset['touchable'] === `shelf ${productId}`) key.focus();
    }
  }, [touchables]);

  function nameOf({ productId }: Touchable): string {
    const product = products?.find((entry) => entry.productId === productId);
    return product === undefined ? t('tray.thing') : wording.name(product.names);
  }

  function touch({ productId, instanceId }: Touchable): void {
    if (instanceId === null) send(api.request['demo:lay']({ productId }));
    else send(api.request['demo:take']({ instanceId }));
  }

  return (
    <fieldset className="touchables" ref={area} aria-label={t('tray.world')}>
      {touchables.map((touchable) => {
        const { left, top, width, height } = touchable.rect;
        return (
          <button
            key={keyOf(touchable)}
            type="button"
            className="touchable"
            data-touchable={keyOf(touchable)}
            style={{
              left: `${(left + width / 2) * 100}%`,
              top: `${(top + height / 2) * 100}%`,
              width: `${width * 100}%`,
              height: `${height * 100}%`,
            }}
            aria-label={t(touchable.kind === 'shelf' ? 'tray.lay' : 'tray.take', {
              name: nameOf(touchable),
            })}
            onFocus={() => {
              focused.current = keyOf(touchable);
            }}
            onBlur={() => {
              focused.current = null;
            }}
            onClick={() => touch(touchable)}
          />
        );
      })}
    </fieldset>
  );
}
