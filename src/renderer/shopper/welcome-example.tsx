import { useEffect, useState } from 'react';
import type { LookupEntry } from '../../shared/ipc.ts';
import { Icon } from '../parts/icon.tsx';
import { useKiosk } from './kiosk.ts';
import './welcome-example.css';

const stepMs = 3600;
const shownAtMost = 5;

/** One of each group in turn: goods that look different tell more. */
export function exampleProducts(products: readonly LookupEntry[]): readonly LookupEntry[] {
  const pictured = products.filter((product) => product.pictureUrl !== null);
  const groups = [...new Set(pictured.map((product) => product.group))];
  const rounds = Math.ceil(shownAtMost / Math.max(1, groups.length));
  return Array.from({ length: rounds }, (_, round) =>
    groups.flatMap((group) => pictured.filter((p) => p.group === group).slice(round, round + 1)),
  )
    .flat()
    .slice(0, shownAtMost);
}

/** A moving example: something comes to lie on the tray, is seen, and has its name and price. */
export function WelcomeExample() {
  const { wording, products } = useKiosk();
  const [step, setStep] = useState(0);
  const shown = exampleProducts(products ?? []);
  const product = shown[step % Math.max(1, shown.length)];

  useEffect(() => {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const timer = setInterval(() => setStep((now) => now + 1), stepMs);
    return () => clearInterval(timer);
  }, []);

  return (
    <div className="example">
      <p className="unseen">{wording.t('welcome.example')}</p>
      <div className="example-tray" aria-hidden="true">
        {product === undefined ? null : (
          <div className="example-item" key={step}>
            <img src={product.pictureUrl ?? ''} alt="" draggable={false} />
            <span className="example-region" />
          </div>
        )}
      </div>
      {product === undefined ? null : (
        <div className="example-said" key={step} aria-hidden="true">
          <span className="tray-mark">
            <Icon name="check" />
          </span>
          <span className="tray-added">
            <span className="tray-name">{wording.name(product.names)}</span>
            <span className="tray-amount amount">{wording.price(product.price)}</span>
          </span>
        </div>
      )}
    </div>
  );
}
