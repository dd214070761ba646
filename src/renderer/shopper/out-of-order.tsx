import type { OutOfOrderReason } from '../../shared/snapshot.ts';
import { useKiosk } from './kiosk.ts';
import { ScreenHeading } from './screen-heading.tsx';
import type { Words } from '../words/words.ts';
import './out-of-order.css';

export function OutOfOrderScreen({ reason }: { readonly reason: OutOfOrderReason }) {
  const { wording } = useKiosk();
  const { t } = wording;
  const unsettled = reason === 'payment-unsettled';
  return (
    <div className="closed">
      <div className="closed-middle">
        <span className="closed-sign" aria-hidden="true" />
        <ScreenHeading className="title closed-title">
          {t(unsettled ? 'outOfOrder.unsettledTitle' : 'outOfOrder.title')}
        </ScreenHeading>
        <p className="how">{t(unsettled ? 'outOfOrder.unsettledWhere' : 'outOfOrder.where')}</p>
      </div>
      <p className="closed-staff">
        <b>{t('outOfOrder.forStaff')}</b>
        {reasonText(reason, t)}
      </p>
    </div>
  );
}

function reasonText(reason: OutOfOrderReason, t: Words): string {
  switch (reason) {
    case 'ledger':
      return t('outOfOrder.ledger');
    case 'catalogue':
      return t('outOfOrder.catalogue');
    case 'payment-unsettled':
      return t('outOfOrder.paymentUnsettled');
    case 'settings':
      return t('outOfOrder.settings');
  }
}
