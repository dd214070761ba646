import type { ReactNode } from 'react';
import './key.css';

export interface KeyProps {
  /** `main` is the one key that moves on; `deep` and `light` stand on the deep green ground. */
  readonly look?: 'main' | 'plain' | 'quiet' | 'deep' | 'light' | 'sun';
  readonly size?: 'full' | 'small' | 'step';
  /** What a screen reader says where the face alone is not enough. */
  readonly label?: string;
  readonly pressed?: boolean;
  /** Keeps its place and the focus, and does nothing: a focus that jumps away would be lost. */
  readonly disabled?: boolean;
  readonly className?: string;
  readonly onPress: () => void;
  readonly children: ReactNode;
}

/** A key for finger, keyboard and screen reader. */
export function Key(props: KeyProps) {
  const { look = 'plain', size = 'full', disabled = false } = props;
  return (
    <button
      type="button"
      className={props.className === undefined ? 'key' : `key ${props.className}`}
      data-look={look}
      data-size={size}
      aria-label={props.label}
      aria-pressed={props.pressed}
      aria-disabled={disabled ? true : undefined}
      onClick={disabled ? undefined : props.onPress}
    >
      {props.children}
    </button>
  );
}
