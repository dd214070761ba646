import type { ReactNode } from 'react';
import type { Loaded } from './answers.ts';
import { usePage } from './context.tsx';

/** What was loaded, or why it is not there. */
export function LoadedPart<T>({
  loaded,
  children,
}: {
  readonly loaded: Loaded<T>;
  readonly children: (value: T) => ReactNode;
}) {
  const { words } = usePage();
  switch (loaded.kind) {
    case 'loading':
      return <p className="loading" aria-busy="true" />;
    case 'failed': {
      const { status, message } = loaded.error;
      const text = status === 401 ? words.wrongKey : message;
      return (
        <p className="problem" role="alert">
          {status === 0 ? words.unreachable : text}
        </p>
      );
    }
    case 'there':
      return children(loaded.value);
  }
}
