import { useState } from 'react';
import type { LookupEntry } from '../../shared/contracts/shopper.ts';
import { Icon } from '../parts/icon.tsx';
import { Key } from '../parts/key.tsx';
import { findByPlu, isPluPrefix } from './find-product.ts';
import { useKiosk } from './kiosk.ts';
import { ProductChoice } from './product-choice.tsx';

const longestCode = 5;
const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

export interface LookupByCodeProps {
  readonly products: readonly LookupEntry[];
  readonly questionId: string;
}

export function LookupByCode({ products, questionId }: LookupByCodeProps) {
  const { wording } = useKiosk();
  const { t } = wording;
  const [code, setCode] = useState('');
  const product = findByPlu(products, code);
  const hopeless = product === null && !isPluPrefix(products, code);
  const take = (text: string) => setCode(text.replace(/\D/g, '').slice(0, longestCode));

  return (
    <div className="code">
      <div className="code-side">
        <div className="lookup-field">
          <input
            className="lookup-input code-input amount"
            aria-label={t('lookup.codeLabel')}
            placeholder={t('lookup.codePlaceholder')}
            inputMode="none"
            autoComplete="off"
            value={code}
            onChange={(event) => take(event.target.value)}
          />
        </div>
        <output className="code-result">
          {product === null ? (
            <p className="how">
              {hopeless ? t('lookup.codeNothing', { code }) : t('lookup.codeHow')}
            </p>
          ) : (
            <ProductChoice product={product} questionId={questionId} />
          )}
        </output>
      </div>
      <fieldset className="digits" aria-label={t('lookup.digits')}>
        {digits.map((digit) => (
          <Key key={digit} onPress={() => take(code + digit)}>
            {digit}
          </Key>
        ))}
        <Key onPress={() => setCode('')}>{t('lookup.clear')}</Key>
        <Key onPress={() => take(`${code}0`)}>0</Key>
        <Key label={t('lookup.delete')} onPress={() => setCode(code.slice(0, -1))}>
          <Icon name="erase" />
        </Key>
      </fieldset>
    </div>
  );
}
