import { useEffect, useRef, useState } from 'react';
import { announcement } from './announcement.ts';
import { useKiosk } from './kiosk.ts';

/** The frame that shows a change comes first: drawn in the same go, the words would put it off. */
const saidAfterMs = 50;

/** Says politely what changed, without moving the focus. */
export function LiveRegion() {
  const { snapshot, wording } = useKiosk();
  const before = useRef(snapshot);
  const unsaid = useRef<string[]>([]);
  const [said, setSaid] = useState({ text: '', turn: 0 });

  useEffect(() => {
    const text = announcement(before.current, snapshot, wording);
    before.current = snapshot;
    if (text === null) return;
    unsaid.current.push(text);
    setTimeout(() => {
      // What came in the meantime has been said with it.
      if (unsaid.current.length === 0) return;
      const texts = unsaid.current.splice(0);
      setSaid(({ turn }) => ({ text: texts.join(' '), turn: turn + 1 }));
    }, saidAfterMs);
  }, [snapshot, wording]);

  return (
    <output className="unseen" aria-live="polite">
      <span key={said.turn}>{said.text}</span>
    </output>
  );
}
