import type { LineView, ReceiptView } from '../../shared/snapshot.ts';
import { Icon } from '../parts/icon.tsx';
import { Key } from '../parts/key.tsx';
import { ScrollArea } from '../parts/scroll-area.tsx';
import { send, useKiosk } from './kiosk.ts';
import { ScreenHeading } from './screen-heading.tsx';
import { secondsLeft, useNow } from './use-now.ts';
import './receipt.css';

export function ReceiptScreen({ receipt }: { readonly receipt: ReceiptView }) {
  const { snapshot, wording, api } = useKiosk();
  const { t } = wording;
  const nowMs = useNow(250);

  return (
    <div className="receipt">
      <div className="receipt-thanks">
        <span className="receipt-mark" aria-hidden="true">
          <Icon name="check" />
        </span>
        <ScreenHeading className="title receipt-title">{t('receipt.title')}</ScreenHeading>
        <p className="how">{t('receipt.paid', { amount: wording.money(receipt.totalMinor) })}</p>
      </div>
      <section
        className="receipt-slip"
        aria-label={t('receipt.number', { number: receipt.number })}
      >
        <div className="receipt-head">
          <p className="receipt-store">{snapshot.store.name}</p>
          <p>{t('receipt.number', { number: receipt.number })}</p>
          <p className="receipt-when">{wording.dateTime(receipt.completedAtMs)}</p>
        </div>
        <ScrollArea
          className="receipt-goods"
          moreLabel={t('cart.moreBelow')}
          topKey={receipt.saleId}
        >
          <ul aria-label={t('receipt.goods')}>
            {receipt.lines
              .filter((line) => !line.removed)
              .map((line) => (
                <ReceiptLine key={line.lineId} line={line} />
              ))}
          </ul>
        </ScrollArea>
        <dl className="receipt-sums">
          <div className="receipt-total">
            <dt>{t('receipt.total')}</dt>
            <dd className="amount">{wording.money(receipt.totalMinor)}</dd>
          </div>
          {receipt.taxes.map((tax) => (
            <div key={tax.basisPoints}>
              <dt>
                {t('receipt.tax', {
                  rate: wording.percent(tax.basisPoints),
                  gross: wording.money(tax.grossMinor),
                })}
              </dt>
              <dd className="amount">{wording.money(tax.taxMinor)}</dd>
            </div>
          ))}
          <div>
            <dt>{t('receipt.tender')}</dt>
            <dd>{receipt.tender}</dd>
          </div>
        </dl>
      </section>
      <div className="receipt-foot">
        <p className="receipt-closes">
          {t('receipt.closes', { count: secondsLeft(receipt.closesAtMs, nowMs) })}
        </p>
        <Key look="main" onPress={() => send(api.request['receipt:done']())}>
          {t('receipt.done')}
        </Key>
      </div>
    </div>
  );
}

function ReceiptLine({ line }: { readonly line: LineView }) {
  const { wording } = useKiosk();
  const { t } = wording;
  const detail =
    line.price.kind === 'piece'
      ? t('receipt.quantity', { count: line.quantity, price: wording.price(line.price) })
      : wording.lineDetail(line);
  const deposit = wording.lineDeposit(line);
  return (
    <li className="receipt-line">
      <p className="receipt-name">{wording.name(line.names)}</p>
      <p className="receipt-amount amount">{wording.money(line.amountMinor)}</p>
      <p className="receipt-detail">{deposit === null ? detail : `${detail} · ${deposit}`}</p>
    </li>
  );
}
