import { memo, useState } from 'react';
import { languages } from '../../shared/language.ts';
import type { Language } from '../../shared/language.ts';
import type { StoreView } from '../../shared/snapshot.ts';
import { Sheet } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { Key } from '../parts/key.tsx';
import { DisplayPanel } from './display-panel.tsx';
import { Help } from './help.tsx';
import { send, useShop } from './kiosk.ts';
import './header.css';

export interface HeaderProps {
  readonly store: StoreView;
  readonly onWelcome: boolean;
  readonly helpCalled: boolean;
}

export const Header = memo(function Header({ store, onWelcome, helpCalled }: HeaderProps) {
  const { wording, api } = useShop();
  const [open, setOpen] = useState<'language' | 'display' | null>(null);
  const { t } = wording;
  // What one shopper left open is not for the next.
  const [wasOnWelcome, setWasOnWelcome] = useState(onWelcome);
  if (onWelcome !== wasOnWelcome) {
    setWasOnWelcome(onWelcome);
    if (onWelcome) setOpen(null);
  }
  const look = onWelcome ? 'deep' : 'plain';
  const close = () => setOpen(null);

  return (
    <header className="header">
      {store.demo ? <p className="demo-ribbon">{t('header.demo')}</p> : null}
      <div className="header-row">
        <p className="brand">
          <span className="brand-leaf" aria-hidden="true" />
          <span className="brand-name">{store.name}</span>
        </p>
        {onWelcome ? null : (
          <Key
            look={look}
            size="small"
            label={t('header.language', { name: languages[wording.language] })}
            onPress={() => setOpen('language')}
          >
            <Icon name="globe" />
            <span className="header-word">{languages[wording.language]}</span>
          </Key>
        )}
        <Key
          look={look}
          size="small"
          label={t('header.display')}
          onPress={() => setOpen('display')}
        >
          <Icon name="eye" />
          {onWelcome ? <span className="header-word">{t('header.display')}</span> : null}
        </Key>
        <Help look={look} called={helpCalled} />
      </div>
      {open === 'display' ? <DisplayPanel onClose={close} /> : null}
      {open === 'language' ? (
        <Sheet title={t('header.languageTitle')} onClose={close}>
          <div className="dialog-keys" data-stacked>
            {store.languages.map((language) => (
              <Key
                key={language}
                pressed={language === wording.language}
                onPress={() => {
                  send(api.request['language:choose']({ language }));
                  close();
                }}
              >
                {language === wording.language ? <Icon name="check" /> : null}
                <LanguageName language={language} />
              </Key>
            ))}
          </div>
        </Sheet>
      ) : null}
    </header>
  );
});

export function LanguageName({ language }: { readonly language: Language }) {
  return <span lang={language}>{languages[language]}</span>;
}
