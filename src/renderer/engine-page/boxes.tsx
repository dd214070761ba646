import type { Box } from './api.ts';

export interface MarkedBox {
  readonly box: Box;
  readonly label: string;
  readonly isSure: boolean;
}

/** Where things are in the picture that they are laid over; a list or a text says it in words. */
export function Boxes({ boxes }: { readonly boxes: readonly MarkedBox[] }) {
  return boxes.map(({ box, label, isSure }, place) => (
    <span
      // Several may be alike, and they are only ever replaced as a whole.
      key={place}
      className="box"
      data-sure={isSure}
      aria-hidden="true"
      style={{
        left: percent(box.left),
        top: percent(box.top),
        width: percent(box.width),
        height: percent(box.height),
      }}
    >
      <span>{label}</span>
    </span>
  ));
}

function percent(fraction: number): string {
  return `${fraction * 100}%`;
}
