import { useEffect, useState } from 'react';
import { Icon } from '../parts/icon.tsx';
import { productPictures } from '../parts/kept-pictures.ts';
import { exampleProducts } from './example-products.ts';
import { useKiosk } from './kiosk.ts';
import './welcome-example.css';

const stepMs = 3600;
const shownAtMost = 5;

/** A moving example: something comes to lie on the tray, is seen, and has its name and price. */
export function WelcomeExample() {
  const { wording, products } = useKiosk();
  const [step, setStep] = useState(0);
  const shown = exampleProducts(products ?? [], shownAtMost);
  const product = shown[step % Math.max(1, shown.length)];

  useEffect(() => {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const timer = setInterval(() => setStep((now) => now + 1), stepMs);
    return () => clearInterval(timer);
  }, []);
  const pictureUrl = product?.pictureUrl ?? null;
  useEffect(() => {
    if (pictureUrl !== null) productPictures.keep(pictureUrl);
  }, [pictureUrl]);

  return (
    <div className="example">
      <p className="unseen">{wording.t('welcome.example')}</p>
      <div className="example-tray" aria-hidden="true">
        {product === undefined ? null : (
          <div className="example-item" key={step}>
            <img src={pictureUrl ?? ''} alt="" draggable={false} />
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
