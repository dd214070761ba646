import { useEffect, useRef, useState } from 'react';
import { announcement } from './announcement.ts';
import { useKiosk } from './kiosk.ts';

/** Says politely what changed, without moving the focus. */
export function LiveRegion() {
  const { snapshot, wording } = useKiosk();
  const before = useRef(snapshot);
  const [said, setSaid] = useState({ text: '', turn: 0 });

  useEffect(() => {
    const text = announcement(before.current, snapshot, wording);
    before.current = snapshot;
    if (text !== null) setSaid(({ turn }) => ({ text, turn: turn + 1 }));
  }, [snapshot, wording]);

  return (
    <output className="unseen" aria-live="polite">
      <span key={said.turn}>{said.text}</span>
    </output>
  );
}
