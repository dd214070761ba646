import type { PayingStage, Screen } from '../../shared/snapshot.ts';
import { Icon } from '../parts/icon.tsx';
import type { IconName } from '../parts/icon.tsx';
import { Key } from '../parts/key.tsx';
import { send, useKiosk } from './kiosk.ts';
import { ScreenHeading } from './screen-heading.tsx';
import type { Wording } from './wording.ts';
import './paying.css';

type Paying = Extract<Screen, { kind: 'paying' }>;

export function PayingScreen({ screen }: { readonly screen: Paying }) {
  const { snapshot, wording, api } = useKiosk();
  const { t } = wording;
  const { stage } = screen;
  const { title, how, icon } = stageWords(stage, wording);

  return (
    <div className="paying" data-stage={stage.kind}>
      <div className="paying-middle">
        <div className="paying-sign" aria-hidden="true">
          {stage.kind === 'waiting' ? <Terminal /> : <Icon name={icon} />}
        </div>
        <div className="paying-words">
          <ScreenHeading className="title" stage={stage.kind}>
            {title}
          </ScreenHeading>
          <p className="how">{how}</p>
        </div>
        <div className="paying-amount">
          <p className="paying-items">
            {t('paying.toPay')} · {t('cart.items', { count: snapshot.cart.itemCount })}
          </p>
          <p className="paying-total amount">{wording.money(screen.amountMinor)}</p>
        </div>
      </div>
      <div className="paying-keys">
        {stage.kind === 'waiting' ? (
          <Key onPress={() => send(api.request['payment:cancel']())}>{t('paying.cancel')}</Key>
        ) : null}
        {stage.kind === 'declined' ? (
          <Key look="main" onPress={() => send(api.request['payment:back']())}>
            {t('paying.back')}
          </Key>
        ) : null}
      </div>
    </div>
  );
}

function stageWords(
  stage: PayingStage,
  { t }: Wording,
): { readonly title: string; readonly how: string; readonly icon: IconName } {
  switch (stage.kind) {
    case 'waiting':
      return { title: t('paying.waitingTitle'), how: t('paying.waitingHow'), icon: 'card' };
    case 'cancelling':
      return { title: t('paying.cancellingTitle'), how: t('paying.cancellingHow'), icon: 'undo' };
    case 'checking':
      return { title: t('paying.checkingTitle'), how: t('paying.checkingHow'), icon: 'search' };
    case 'declined':
      return { title: t('paying.declinedTitle'), how: t('paying.declinedHow'), icon: 'card' };
  }
}

/** A card on its way to the terminal. */
function Terminal() {
  return (
    <svg className="terminal" viewBox="0 0 320 240" focusable="false">
      <rect className="terminal-body" x="150" y="24" width="118" height="192" rx="20" />
      <rect className="terminal-screen" x="168" y="44" width="82" height="58" rx="8" />
      {[0, 1, 2].flatMap((row) =>
        [0, 1, 2].map((column) => (
          <circle
            key={`${row}${column}`}
            className="terminal-key"
            cx={183 + column * 26}
            cy={130 + row * 26}
            r="7"
          />
        )),
      )}
      <path className="terminal-wave" d="M194 84a22 22 0 0 1 30 0M201 76a12 12 0 0 1 16 0" />
      <g className="terminal-card">
        <rect x="28" y="62" width="112" height="74" rx="10" />
        <path d="M28 84h112" />
        <path className="terminal-chip" d="M44 108h22" />
      </g>
    </svg>
  );
}
