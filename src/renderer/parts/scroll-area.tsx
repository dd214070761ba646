import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import { Key } from './key.tsx';
import './scroll-area.css';

export interface ScrollAreaProps {
  readonly className?: string;
  /** On the key that appears while something lies below. */
  readonly moreLabel: string;
  /** When this changes the view goes back to its top, where the newest is. */
  readonly topKey: string;
  readonly children: ReactNode;
}

/** Scrolls inside and says so: a key at the foot while there is more below. */
export function ScrollArea({ className, moreLabel, topKey, children }: ScrollAreaProps) {
  const view = useRef<HTMLDivElement>(null);
  const [more, setMore] = useState(false);
  const isAtTop = useRef(true);

  useEffect(() => {
    const element = view.current;
    if (element === null) return;
    const look = () => {
      isAtTop.current = element.scrollTop === 0;
      setMore(element.scrollHeight - element.clientHeight - element.scrollTop > 8);
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    element.addEventListener('scroll', look, { passive: true });
    look();
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);

  const shownKey = useRef(topKey);
  useEffect(() => {
    if (shownKey.current === topKey) return;
    shownKey.current = topKey;
    // Asking for where it is already would have the page laid out once more before it is painted.
    if (!isAtTop.current) view.current?.scrollTo({ top: 0 });
  }, [topKey]);

  function goOn() {
    const element = view.current;
    if (element === null) return;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    element.scrollBy({
      top: element.clientHeight * 0.75,
      behavior: still ? 'instant' : 'smooth',
    });
  }

  return (
    <div className={className === undefined ? 'scroll-area' : `scroll-area ${className}`}>
      <div className="scroll-view" ref={view}>
        {children}
      </div>
      {more ? (
        <div className="scroll-more">
          <Key size="small" className="scroll-more-key" onPress={goOn}>
            <Icon name="down" />
            {moreLabel}
          </Key>
        </div>
      ) : null}
    </div>
  );
}
