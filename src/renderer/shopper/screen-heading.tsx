import { useEffect, useRef } from 'react';

export interface ScreenHeadingProps {
  readonly className?: string;
  readonly children: string;
}

/** The heading of a screen. It takes the focus when its screen comes up, and only then. */
export function ScreenHeading({ className, children }: ScreenHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <h1 ref={heading} tabIndex={-1} className={className ?? 'unseen'}>
      {children}
    </h1>
  );
}
