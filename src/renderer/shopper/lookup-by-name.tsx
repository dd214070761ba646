import { useState } from 'react';
import type { LookupEntry } from '../../shared/contracts/shopper.ts';
import { Icon } from '../parts/icon.tsx';
import { Key } from '../parts/key.tsx';
import { ScrollArea } from '../parts/scroll-area.tsx';
import { findByName } from './find-product.ts';
import { useKiosk } from './kiosk.ts';
import { letterRows } from './letter-rows.ts';
import { ProductChoice } from './product-choice.tsx';

const longestName = 40;

export interface LookupByNameProps {
  readonly products: readonly LookupEntry[];
  readonly questionId: string;
}

export function LookupByName({ products, questionId }: LookupByNameProps) {
  const { wording } = useKiosk();
  const { t, language } = wording;
  const [text, setText] = useState('');
  const found = findByName(products, text, language);
  const type = (letter: string) => setText((now) => (now + letter).slice(0, longestName));

  return (
    <>
      <div className="lookup-field">
        <Icon name="search" />
        <input
          className="lookup-input"
          aria-label={t('lookup.nameLabel')}
          placeholder={t('lookup.namePlaceholder')}
          inputMode="none"
          autoComplete="off"
          spellCheck={false}
          maxLength={longestName}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <output className="unseen">
        {text === '' ? '' : t('lookup.found', { count: found.length })}
      </output>
      <ScrollArea
        className="lookup-results lookup-named"
        moreLabel={t('cart.moreBelow')}
        topKey={text}
      >
        {text !== '' && found.length === 0 ? (
          <p className="how lookup-nothing">{t('lookup.nameNothing', { text })}</p>
        ) : (
          <ul className="lookup-grid">
            {(text === '' ? products : found).map((product) => (
              <li key={product.productId}>
                <ProductChoice product={product} questionId={questionId} />
              </li>
            ))}
          </ul>
        )}
      </ScrollArea>
      <fieldset className="letters" aria-label={t('lookup.letters')}>
        {letterRows(language).map((row, index, all) => (
          <div className="letters-row" key={row.join('')}>
            {row.map((letter) => (
              <Key key={letter} size="step" onPress={() => type(letter)}>
                {letter}
              </Key>
            ))}
            {index === all.length - 1 ? (
              <Key
                size="step"
                className="letters-wide"
                label={t('lookup.delete')}
                onPress={() => setText((now) => [...now].slice(0, -1).join(''))}
              >
                <Icon name="erase" />
              </Key>
            ) : null}
          </div>
        ))}
        <div className="letters-row">
          <Key size="step" className="letters-space" onPress={() => type(' ')}>
            {t('lookup.space')}
          </Key>
          <Key size="step" className="letters-clear" onPress={() => setText('')}>
            {t('lookup.clear')}
          </Key>
        </div>
      </fieldset>
    </>
  );
}
