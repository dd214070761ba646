import { ProductPicture } from './product-picture.tsx';
import './choice-card.css';

export interface ChoiceCardProps {
  readonly name: string;
  readonly price: string;
  readonly pictureUrl: string | null;
  /** Shown on the card, the first one strongest; empty for none. */
  readonly tags: readonly { readonly text: string; readonly strong: boolean }[];
  readonly likely?: boolean;
  readonly size: 'large' | 'small';
  readonly onPress: () => void;
}

/** A product as a picture to touch. */
export function ChoiceCard(props: ChoiceCardProps) {
  return (
    <button
      type="button"
      className="choice-card"
      data-size={props.size}
      data-likely={props.likely === true ? true : undefined}
      onClick={props.onPress}
    >
      <ProductPicture url={props.pictureUrl} name={props.name} />
      <span className="choice-words">
        <span className="choice-name">{props.name}</span>
        <span className="choice-price amount">{props.price}</span>
      </span>
      {props.tags.length === 0 ? null : (
        <span className="choice-tags">
          {props.tags.map(({ text, strong }) => (
            <span key={text} className="tag" data-strong={strong ? true : undefined}>
              {text}
            </span>
          ))}
        </span>
      )}
    </button>
  );
}
