import { noticeText } from './announcement.ts';
import { useKiosk } from './kiosk.ts';
import './notices.css';

/** What does not work just now, in one calm line. */
export function Notices() {
  const { snapshot, wording } = useKiosk();
  const [first] = snapshot.notices;
  if (first === undefined || snapshot.screen.kind === 'out-of-order') return null;
  return (
    <p className="notice">
      <span className="notice-dot" aria-hidden="true" />
      {noticeText(first, wording.t)}
    </p>
  );
}
