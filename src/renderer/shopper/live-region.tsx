import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { announcement } from './announcement.ts';
import { useKiosk } from './kiosk.ts';

/** The frame that shows a change comes first: drawn in the same go, the words would put it off. */
const saidAfterMs = 50;

/** Says politely what changed or was refused, without moving the focus. */
export function LiveRegion() {
  const { snapshot, wording, refusals } = useKiosk();
  const refusal = useSyncExternalStore(refusals.subscribe, refusals.current);
  const before = useRef(snapshot);
  const unsaid = useRef<string[]>([]);
  const [said, setSaid] = useState({ text: '', turn: 0 });

  const say = useCallback((text: string) => {
    unsaid.current.push(text);
    setTimeout(() => {
      // What came in the meantime has been said with it.
      if (unsaid.current.length === 0) return;
      const texts = unsaid.current.splice(0);
      setSaid(({ turn }) => ({ text: texts.join(' '), turn: turn + 1 }));
    }, saidAfterMs);
  }, []);

  useEffect(() => {
    const text = announcement(before.current, snapshot, wording);
    before.current = snapshot;
    if (text !== null) say(text);
  }, [snapshot, wording, say]);

  useEffect(() => {
    if (refusal !== null) say(wording.t(`refused.${refusal}`));
  }, [refusal, wording, say]);

  return (
    <output className="unseen" aria-live="polite">
      <span key={said.turn}>{said.text}</span>
    </output>
  );
}
