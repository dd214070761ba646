import { useSyncExternalStore } from 'react';
import { useShop } from './kiosk.ts';
import './refusal-line.css';

/** Why the last touch did nothing, for as long as it takes to read. */
export function RefusalLine() {
  const { refusals, wording } = useShop();
  const code = useSyncExternalStore(refusals.subscribe, refusals.current);
  // Said by the live region.
  return code === null ? null : (
    <div className="refusal" aria-hidden="true">
      <p className="refusal-text">{wording.t(`refused.${code}`)}</p>
    </div>
  );
}
