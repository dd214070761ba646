import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import type { Screen } from '../../shared/snapshot.ts';
import { Icon } from '../parts/icon.tsx';
import { Key } from '../parts/key.tsx';
import { send, useKiosk } from './kiosk.ts';
import { LookupByCode } from './lookup-by-code.tsx';
import { LookupByName } from './lookup-by-name.tsx';
import { LookupByPicture } from './lookup-by-picture.tsx';
import { ScreenHeading } from './screen-heading.tsx';
import type { Wording } from './wording.ts';
import './lookup.css';

type Lookup = Extract<Screen, { kind: 'lookup' }>;

export function LookupScreen({ screen }: { readonly screen: Lookup }) {
  const { wording, api, products } = useKiosk();
  const { t } = wording;
  const { questionId } = screen;
  const { title, how } = introduction(screen, wording);
  const onTray = screen.reason.kind !== 'find-item' && screen.reason.kind !== 'correction';

  return (
    <div className="lookup">
      <div className="lookup-head">
        {screen.photoUrl === null ? null : (
          <img
            className="lookup-photo"
            src={screen.photoUrl}
            alt={t('ask.photo')}
            draggable={false}
          />
        )}
        <div className="lookup-words">
          <ScreenHeading className="title">{title}</ScreenHeading>
          <p className="how">{how}</p>
        </div>
      </div>
      <Tabs className="lookup-ways">
        <TabList className="lookup-tabs" aria-label={t('lookup.ways')}>
          <Tab id="picture" className="lookup-tab">
            {t('lookup.byPicture')}
          </Tab>
          <Tab id="name" className="lookup-tab">
            {t('lookup.byName')}
          </Tab>
          <Tab id="code" className="lookup-tab">
            {t('lookup.byCode')}
          </Tab>
        </TabList>
        {products === null ? (
          <p className="how">{t('lookup.loading')}</p>
        ) : (
          <>
            <TabPanel id="picture" className="lookup-panel lookup-panel-picture">
              <LookupByPicture
                products={products}
                suggestions={screen.suggestions}
                questionId={questionId}
              />
            </TabPanel>
            <TabPanel id="name" className="lookup-panel lookup-panel-name">
              <LookupByName products={products} questionId={questionId} />
            </TabPanel>
            <TabPanel id="code" className="lookup-panel lookup-panel-code">
              <LookupByCode products={products} questionId={questionId} />
            </TabPanel>
          </>
        )}
      </Tabs>
      <div className="lookup-keys">
        {onTray ? (
          <Key onPress={() => send(api.request['item:leave-out']({ questionId }))}>
            {t(screen.unsure ? 'unsure.nothing' : 'lookup.leaveOut')}
          </Key>
        ) : (
          <Key onPress={() => send(api.request['lookup:close']({ questionId }))}>
            <Icon name="back" />
            {t('lookup.back')}
          </Key>
        )}
      </div>
    </div>
  );
}

function introduction(
  { reason, unsure }: Lookup,
  { t, name }: Wording,
): { readonly title: string; readonly how: string } {
  // Once "None of these" or a product was pressed, there is something.
  if (unsure && (reason.kind === 'unknown-item' || reason.kind === 'recognition-down')) {
    return { title: t('unsure.title'), how: t('unsure.find') };
  }
  switch (reason.kind) {
    case 'unknown-item':
      return { title: t('lookup.unknownTitle'), how: t('lookup.unknownHow') };
    case 'recognition-down':
      return { title: t('lookup.downTitle'), how: t('lookup.downHow') };
    case 'none-of-these':
      return { title: t('lookup.noneTitle'), how: t('lookup.noneHow') };
    case 'correction':
      return {
        title: t('lookup.correctionTitle', { name: name(reason.productName) }),
        how: t('lookup.correctionHow'),
      };
    case 'no-weight':
      return {
        title: t('lookup.noWeightTitle', { name: name(reason.productName) }),
        how: t('lookup.noWeightHow'),
      };
    case 'find-item':
      return { title: t('lookup.findTitle'), how: t('lookup.findHow') };
  }
}
