import { memo, useLayoutEffect, useRef } from 'react';
import { maxQuantity } from '../../shared/quantity.ts';
import type { LineView } from '../../shared/snapshot.ts';
import { Icon } from '../parts/icon.tsx';
import { Key } from '../parts/key.tsx';
import { ProductPicture } from '../parts/product-picture.tsx';
import { send, useShop } from './kiosk.ts';
import './cart-line.css';

export interface CartLineProps {
  readonly line: LineView;
  /** Counts up when it is the newest and has grown, null for every other line. */
  readonly arrival: number | null;
  /** Undo takes this line's removal back. */
  readonly undoable: boolean;
}

export const CartLine = memo(function CartLine({ line, arrival, undoable }: CartLineProps) {
  const { wording, api } = useShop();
  const { t } = wording;
  const name = wording.name(line.names);
  const deposit = wording.lineDeposit(line);
  const row = useFocusKept(line.removed);

  return (
    <li
      className="cart-line"
      ref={row}
      data-arrived={arrival === null ? undefined : true}
      data-removed={line.removed ? true : undefined}
    >
      {arrival === null ? null : <span className="cart-line-tint" key={arrival} />}
      <div className="cart-line-picture">
        <ProductPicture
          url={line.photoUrl ?? line.pictureUrl}
          name={name}
          fill={line.photoUrl !== null}
        />
      </div>
      <div className="cart-line-words">
        <p className="cart-line-name">{line.removed ? <s>{name}</s> : name}</p>
        <p className="cart-line-detail">
          {line.removed ? t('line.takenOut') : wording.lineDetail(line)}
          {deposit === null || line.removed ? null : (
            <span className="cart-line-deposit">{deposit}</span>
          )}
        </p>
      </div>
      <div className="cart-line-keys">
        {line.removed ? (
          undoable ? (
            <Key
              size="small"
              label={t('line.undoNamed', { name })}
              onPress={() => send(api.request['sale:undo']())}
            >
              <Icon name="undo" />
              {t('line.undo')}
            </Key>
          ) : null
        ) : (
          <Stepper line={line} name={name} />
        )}
      </div>
      <p className="cart-line-amount amount">
        {line.removed ? <s>{wording.money(line.amountMinor)}</s> : wording.money(line.amountMinor)}
      </p>
    </li>
  );
});

function Stepper({ line, name }: { readonly line: LineView; readonly name: string }) {
  const { wording, api } = useShop();
  const { t } = wording;
  const { lineId, quantity } = line;
  const weighed = line.price.kind === 'weight';
  const last = weighed || quantity <= 1;
  const remove = () => send(api.request['line:remove']({ lineId }));
  const change = (by: number) =>
    send(api.request['line:set-quantity']({ lineId, quantity: quantity + by }));

  // One key in one place whatever it does, so that it keeps the focus.
  return (
    <fieldset className="stepper" aria-label={`${name}: ${t('line.quantity')}`}>
      <Key
        size="step"
        label={t(last ? 'line.remove' : 'line.less', { name })}
        onPress={() => (last ? remove() : change(-1))}
      >
        <Icon name={last ? 'bin' : 'minus'} />
      </Key>
      {weighed ? null : (
        <>
          <span className="stepper-count amount">{quantity}</span>
          <Key
            size="step"
            label={t('line.one', { name })}
            disabled={quantity >= maxQuantity}
            onPress={() => change(1)}
          >
            <Icon name="plus" />
          </Key>
        </>
      )}
    </fieldset>
  );
}

/** Where a removal takes away the key that was pressed, its successor in the row gets the focus. */
function useFocusKept(removed: boolean) {
  const row = useRef<HTMLLIElement>(null);
  const hadFocus = useRef(false);
  useLayoutEffect(() => {
    const element = row.current;
    if (element === null) return;
    const look = (event: FocusEvent) => {
      // A key that vanishes leaves without a successor; one that is left has one.
      hadFocus.current = event.type === 'focusin' || event.relatedTarget === null;
    };
    element.addEventListener('focusin', look);
    element.addEventListener('focusout', look);
    return () => {
      element.removeEventListener('focusin', look);
      element.removeEventListener('focusout', look);
    };
  }, []);
  const wasRemoved = useRef(removed);
  useLayoutEffect(() => {
    if (wasRemoved.current === removed) return;
    wasRemoved.current = removed;
    if (!hadFocus.current || document.activeElement !== document.body) return;
    row.current?.querySelector('button')?.focus();
  }, [removed]);
  return row;
}
