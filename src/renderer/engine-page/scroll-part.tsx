import type { ReactNode } from 'react';

/** A part that scrolls by itself where it is wider than the page. */
export function ScrollPart({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- who has no mouse scrolls by keys
    <section className="scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
