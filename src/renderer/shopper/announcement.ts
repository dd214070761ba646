import type { LineView, Notice, Snapshot } from '../../shared/snapshot.ts';
import type { Words } from '../words/words.ts';
import type { Wording } from './wording.ts';

export function noticeText(notice: Notice, t: Words): string {
  return t(noticeWords[notice]);
}

const noticeWords = {
  'camera-lost': 'notice.cameraLost',
  'camera-dark': 'notice.cameraDark',
  'camera-bright': 'notice.cameraBright',
  'camera-covered': 'notice.cameraCovered',
  'camera-frozen': 'notice.cameraFrozen',
  'camera-restless': 'notice.cameraRestless',
  'camera-flicker': 'notice.cameraFlicker',
  'camera-dim': 'notice.cameraDim',
  'camera-slow': 'notice.cameraSlow',
  'recognition-down': 'notice.recognitionDown',
  'recognition-second-endpoint': 'notice.recognitionSecond',
} as const satisfies Readonly<Record<Notice, string>>;

function stageTitle(snapshot: Snapshot, t: Words): string | null {
  if (snapshot.screen.kind !== 'paying') return null;
  switch (snapshot.screen.stage.kind) {
    case 'waiting':
      return t('paying.waitingTitle');
    case 'cancelling':
      return t('paying.cancellingTitle');
    case 'checking':
      return t('paying.checkingTitle');
    case 'declined':
      return t('paying.declinedTitle');
  }
}

function lineChange(
  before: LineView | undefined,
  now: LineView,
  total: string,
  wording: Wording,
): string | null {
  const { t } = wording;
  const name = wording.name(now.names);
  if (before === undefined) {
    if (now.removed) return null;
    return t('said.added', { name, amount: wording.money(now.amountMinor), total });
  }
  if (now.removed !== before.removed) {
    return t(now.removed ? 'said.takenOut' : 'said.putBack', { name, total });
  }
  if (now.quantity === before.quantity) return null;
  return t('said.quantity', { name, count: now.quantity, total });
}

function cartChanges(before: Snapshot, after: Snapshot, wording: Wording): readonly string[] {
  if (after.screen.kind === 'welcome' || after.screen.kind === 'receipt') return [];
  const total = wording.money(after.cart.totalMinor);
  const known = new Map(before.cart.lines.map((line) => [line.lineId, line]));
  const changes = after.cart.lines.flatMap(
    (line) => lineChange(known.get(line.lineId), line, total, wording) ?? [],
  );
  const kept = new Set(after.cart.lines.map((line) => line.lineId));
  const gone = before.cart.lines.filter((line) => !line.removed && !kept.has(line.lineId));
  return [
    ...changes,
    ...gone.map((line) => wording.t('said.takenOut', { name: wording.name(line.names), total })),
  ];
}

/**
 * What a screen reader says of a change that does not move the focus; null for nothing. A new screen
 * speaks by its heading, which takes the focus.
 */
export function announcement(before: Snapshot, after: Snapshot, wording: Wording): string | null {
  const said = [...cartChanges(before, after, wording)];
  if (before.screen.kind === 'paying' && after.screen.kind === 'paying') {
    const title = stageTitle(after, wording.t);
    if (title !== null && before.screen.stage.kind !== after.screen.stage.kind) said.push(title);
  }
  for (const notice of after.notices) {
    if (!before.notices.includes(notice)) said.push(noticeText(notice, wording.t));
  }
  return said.length === 0 ? null : said.join(' ');
}
