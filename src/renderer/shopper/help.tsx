import { useState } from 'react';
import { Sheet } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { Key } from '../parts/key.tsx';
import { send, useShop } from './kiosk.ts';

export interface HelpProps {
  readonly look: 'deep' | 'plain';
  readonly called: boolean;
}

/** Calls a person, and says that one is coming; put away, the call stands and the key shows it. */
export function Help({ look, called }: HelpProps) {
  const { wording, api } = useShop();
  const { t } = wording;
  const [putAway, setPutAway] = useState(false);
  if (!called && putAway) setPutAway(false);

  return (
    <>
      <Key
        look={called ? 'sun' : look}
        size="small"
        onPress={() => (called ? setPutAway(false) : send(api.request['help:call']()))}
      >
        <Icon name="person" />
        {t(called ? 'header.helpCalled' : 'header.help')}
      </Key>
      {called && !putAway ? (
        <Sheet title={t('help.title')} text={t('help.text')} onClose={() => setPutAway(true)}>
          <div className="dialog-keys" data-stacked>
            <Key look="main" onPress={() => setPutAway(true)}>
              {t('help.goOn')}
            </Key>
            <Key onPress={() => send(api.request['help:dismiss']())}>{t('help.dismiss')}</Key>
          </div>
        </Sheet>
      ) : null}
    </>
  );
}
