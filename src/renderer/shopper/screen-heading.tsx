import { useEffect, useRef } from 'react';

export interface ScreenHeadingProps {
  readonly className?: string;
  /** Where a screen has stages: a key that goes with its stage leaves its focus to the heading. */
  readonly stage?: string;
  readonly children: string;
}

/** The heading of a screen. It takes the focus when its screen comes up. */
export function ScreenHeading({ className, stage, children }: ScreenHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const shownStage = useRef(stage);
  useEffect(() => {
    if (shownStage.current === stage) return;
    shownStage.current = stage;
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, [stage]);
  return (
    <h1 ref={heading} tabIndex={-1} className={className ?? 'unseen'}>
      {children}
    </h1>
  );
}
