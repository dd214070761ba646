import type { Notice } from '../../shared/snapshot.ts';
import type { RecognitionHealth } from './recogniser.ts';

/** What the window tells of recognition's health. */
export function recognitionNotice({ via }: Pick<RecognitionHealth, 'via'>): Notice | null {
  if (via === 'first') return null;
  return via === 'second' ? 'recognition-second-endpoint' : 'recognition-down';
}
