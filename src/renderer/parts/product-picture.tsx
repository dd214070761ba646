import { useEffect, useState } from 'react';
import { productPictures } from './kept-pictures.ts';
import './product-picture.css';

export interface ProductPictureProps {
  readonly url: string | null;
  readonly name: string;
  /** A photo fills its frame; a product picture stands whole in it. */
  readonly fill?: boolean;
}

/** Decoration beside a name: an absent or broken picture becomes the name's first letter. */
export function ProductPicture({ url, name, fill = false }: ProductPictureProps) {
  const [brokenUrl, setBrokenUrl] = useState<string | null>(null);
  useEffect(() => {
    // A photo belongs to one sale alone.
    if (url !== null && !fill) productPictures.keep(url);
  }, [url, fill]);
  if (url === null || url === brokenUrl) {
    return (
      <span className="product-picture" data-empty aria-hidden="true">
        {[...name].slice(0, 1).join('').toLocaleUpperCase()}
      </span>
    );
  }
  return (
    <span className="product-picture" {...(fill ? { 'data-fill': true } : {})}>
      <img src={url} alt="" draggable={false} onError={() => setBrokenUrl(url)} />
    </span>
  );
}
