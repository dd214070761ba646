import { Sheet } from '../parts/dialog.tsx';
import { Key } from '../parts/key.tsx';
import { send, useKiosk } from './kiosk.ts';
import { secondsLeft, useNow } from './use-now.ts';

export function StillThereDialog({ suspendsAtMs }: { readonly suspendsAtMs: number }) {
  const { wording, api } = useKiosk();
  const nowMs = useNow(250);
  const { t } = wording;
  const stay = () => send(api.request['shopper:present']());
  return (
    <Sheet
      urgent
      title={t('stillThere.title')}
      text={t('stillThere.text', { count: secondsLeft(suspendsAtMs, nowMs) })}
      onClose={stay}
    >
      <Key look="main" onPress={stay}>
        {t('stillThere.yes')}
      </Key>
    </Sheet>
  );
}
