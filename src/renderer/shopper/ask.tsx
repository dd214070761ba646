import { ChoiceCard } from '../parts/choice-card.tsx';
import { Key } from '../parts/key.tsx';
import type { Screen } from '../../shared/snapshot.ts';
import { send, useKiosk } from './kiosk.ts';
import { ScreenHeading } from './screen-heading.tsx';
import './ask.css';

type Ask = Extract<Screen, { kind: 'ask' }>;

export function AskScreen({ screen }: { readonly screen: Ask }) {
  const { snapshot, wording, api } = useKiosk();
  const { t } = wording;
  const { questionId } = screen;
  const sureHow = snapshot.store.keepsPictures ? 'ask.howLearning' : 'ask.how';
  const how = screen.unsure ? 'unsure.choose' : sureHow;
  return (
    <div className="ask" data-photo={screen.photoUrl === null ? undefined : true}>
      {screen.photoUrl === null ? null : (
        <img className="ask-photo" src={screen.photoUrl} alt={t('ask.photo')} draggable={false} />
      )}
      <div className="ask-words">
        <ScreenHeading className="title">
          {t(screen.unsure ? 'unsure.title' : 'ask.title')}
        </ScreenHeading>
        <p className="how">{t(how)}</p>
      </div>
      <ul className="ask-choices" data-count={screen.candidates.length}>
        {screen.candidates.map((candidate, index) => (
          <li key={candidate.productId}>
            <ChoiceCard
              size="large"
              name={wording.name(candidate.names)}
              price={wording.price(candidate.price)}
              pictureUrl={candidate.pictureUrl}
              likely={index === 0}
              tags={[
                ...(index === 0 ? [{ text: t('ask.likely'), strong: true }] : []),
                ...(candidate.organic ? [{ text: t('line.organic'), strong: false }] : []),
              ]}
              onPress={() =>
                send(api.request['product:choose']({ questionId, productId: candidate.productId }))
              }
            />
          </li>
        ))}
      </ul>
      <div className="ask-keys">
        <Key onPress={() => send(api.request['ask:none']({ questionId }))}>{t('ask.none')}</Key>
        <Key
          look={screen.unsure ? 'plain' : 'quiet'}
          onPress={() => send(api.request['item:leave-out']({ questionId }))}
        >
          {t(screen.unsure ? 'unsure.nothing' : 'ask.leaveOut')}
        </Key>
      </div>
    </div>
  );
}
