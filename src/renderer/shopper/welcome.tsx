import { Icon } from '../parts/icon.tsx';
import { Key } from '../parts/key.tsx';
import { LanguageName } from './header.tsx';
import { send, useKiosk } from './kiosk.ts';
import { ScreenHeading } from './screen-heading.tsx';
import { TrayPicture } from './tray.tsx';
import { WelcomeExample } from './welcome-example.tsx';
import './welcome.css';

export function WelcomeScreen() {
  const { snapshot, wording, api } = useKiosk();
  const { store } = snapshot;
  const { t } = wording;
  return (
    <div className="welcome">
      <div className="welcome-words">
        <ScreenHeading className="welcome-title">{t('welcome.title')}</ScreenHeading>
        <p className="welcome-how">{t(store.demo ? 'welcome.howDemo' : 'welcome.how')}</p>
      </div>
      <div className="welcome-view">
        {store.demo ? <TrayPicture region={null} demo /> : <WelcomeExample />}
      </div>
      <div className="welcome-foot">
        <div className="welcome-keys">
          <fieldset className="welcome-languages" aria-label={t('header.languageTitle')}>
            {store.languages.map((language) => (
              <Key
                key={language}
                look="deep"
                pressed={language === wording.language}
                onPress={() => send(api.request['language:choose']({ language }))}
              >
                {language === wording.language ? <Icon name="check" /> : null}
                <LanguageName language={language} />
              </Key>
            ))}
          </fieldset>
          <Key
            look="light"
            className="welcome-start"
            onPress={() => send(api.request['sale:start']())}
          >
            {t('welcome.start')}
          </Key>
        </div>
        <p className="welcome-pictures">
          {t(store.keepsPictures ? 'welcome.picturesKept' : 'welcome.picturesNotKept')}
        </p>
      </div>
    </div>
  );
}
