import { useState } from 'react';
import { languages } from '../../shared/language.ts';
import type { Language } from '../../shared/language.ts';
import { Sheet } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { Key } from '../parts/key.tsx';
import { DisplayPanel } from './display-panel.tsx';
import { Help } from './help.tsx';
import { send, useKiosk } from './kiosk.ts';
import './header.css';

export function Header() {
  const { snapshot, wording, api } = useKiosk();
  const [open, setOpen] = useState<'language' | 'display' | null>(null);
  const { t } = wording;
  const onWelcome = snapshot.screen.kind === 'welcome';
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
      {snapshot.store.demo ? <p className="demo-ribbon">{t('header.demo')}</p> : null}
      <div className="header-row">
        <p className="brand">
          <span className="brand-leaf" aria-hidden="true" />
          <span className="brand-name">{snapshot.store.name}</span>
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
        <Help look={look} />
      </div>
      {open === 'display' ? <DisplayPanel onClose={close} /> : null}
      {open === 'language' ? (
        <Sheet title={t('header.languageTitle')} onClose={close}>
          <div className="dialog-keys" data-stacked>
            {snapshot.store.languages.map((language) => (
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
}

export function LanguageName({ language }: { readonly language: Language }) {
  return <span lang={language}>{languages[language]}</span>;
}
