import { Switch } from 'react-aria-components';
import type { Display } from '../../shared/snapshot.ts';
import { Sheet } from '../parts/dialog.tsx';
import { Key } from '../parts/key.tsx';
import { send, useKiosk } from './kiosk.ts';
import './display-panel.css';

export function DisplayPanel({ onClose }: { readonly onClose: () => void }) {
  const { snapshot, wording, api } = useKiosk();
  const { t } = wording;
  const { display } = snapshot;
  const choose = (change: Partial<Display>) =>
    send(api.request['display:choose']({ ...display, ...change }));

  const rows = [
    {
      name: t('display.largerText'),
      how: t('display.largerTextHow'),
      on: display.largerText,
      set: (largerText: boolean) => choose({ largerText }),
    },
    {
      name: t('display.highContrast'),
      how: t('display.highContrastHow'),
      on: display.highContrast,
      set: (highContrast: boolean) => choose({ highContrast }),
    },
    {
      name: t('display.lowered'),
      how: t('display.loweredHow'),
      on: display.lowered,
      set: (lowered: boolean) => choose({ lowered }),
    },
  ];

  return (
    <Sheet title={t('display.title')} onClose={onClose}>
      <div className="display-rows">
        {rows.map((row) => (
          <Switch key={row.name} className="display-row" isSelected={row.on} onChange={row.set}>
            <span className="display-words">
              <span className="display-name">{row.name}</span>
              <span className="display-how">{row.how}</span>
            </span>
            <span className="display-state" aria-hidden="true">
              {t(row.on ? 'display.on' : 'display.off')}
            </span>
            <span className="display-track" aria-hidden="true">
              <span className="display-knob" />
            </span>
          </Switch>
        ))}
      </div>
      <Key look="main" onPress={onClose}>
        {t('display.done')}
      </Key>
    </Sheet>
  );
}
