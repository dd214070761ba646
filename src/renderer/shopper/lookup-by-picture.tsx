import { useState } from 'react';
import type { ProductGroup } from '../../shared/catalogue.ts';
import type { LookupEntry } from '../../shared/contracts/shopper.ts';
import type { Candidate } from '../../shared/snapshot.ts';
import { Key } from '../parts/key.tsx';
import { ScrollArea } from '../parts/scroll-area.tsx';
import { useKiosk } from './kiosk.ts';
import { ProductChoice } from './product-choice.tsx';

const groupsInOrder: readonly ProductGroup[] = ['fruit', 'vegetables', 'drinks', 'pantry', 'other'];

export interface LookupByPictureProps {
  readonly products: readonly LookupEntry[];
  readonly suggestions: readonly Candidate[];
  readonly questionId: string;
}

export function LookupByPicture({ products, suggestions, questionId }: LookupByPictureProps) {
  const { wording } = useKiosk();
  const { t } = wording;
  const groups = groupsInOrder.filter((group) => products.some((p) => p.group === group));
  const [chosen, setChosen] = useState<ProductGroup | 'likely' | null>(
    suggestions.length > 0 ? 'likely' : null,
  );
  const shownGroup = chosen ?? groups[0] ?? 'other';
  const shown: readonly Candidate[] =
    shownGroup === 'likely' ? suggestions : products.filter((p) => p.group === shownGroup);

  return (
    <>
      <fieldset className="lookup-groups" aria-label={t('lookup.groups')}>
        {(suggestions.length > 0 ? (['likely', ...groups] as const) : groups).map((group) => (
          <Key
            key={group}
            size="small"
            pressed={group === shownGroup}
            onPress={() => setChosen(group)}
          >
            {t(`lookup.${group}`)}
          </Key>
        ))}
      </fieldset>
      <ScrollArea className="lookup-results" moreLabel={t('cart.moreBelow')} topKey={shownGroup}>
        <ul className="lookup-grid">
          {shown.map((product) => (
            <li key={product.productId}>
              <ProductChoice product={product} questionId={questionId} />
            </li>
          ))}
        </ul>
      </ScrollArea>
    </>
  );
}
