import type { Candidate } from '../../shared/snapshot.ts';
import { ChoiceCard } from '../parts/choice-card.tsx';
import { send, useKiosk } from './kiosk.ts';

export interface ProductChoiceProps {
  readonly product: Candidate;
  /** What choosing it answers. */
  readonly questionId: string;
}

/** A product to choose, the same in each way of finding it. */
export function ProductChoice({ product, questionId }: ProductChoiceProps) {
  const { wording, api } = useKiosk();
  return (
    <ChoiceCard
      size="small"
      name={wording.name(product.names)}
      price={wording.price(product.price)}
      pictureUrl={product.pictureUrl}
      tags={product.organic ? [{ text: wording.t('line.organic'), strong: false }] : []}
      onPress={() =>
        send(api.request['product:choose']({ questionId, productId: product.productId }))
      }
    />
  );
}
