import { comparisonTable } from './comparison.ts';
import type { ImportProgress, ImportResult } from './import-from-service.ts';

const stages = {
  copying: 'Copying photos',
  looking: 'Looking at photos',
  fitting: 'Training',
} as const;

/** A line for each tenth of a stage and for whatever must be known, so that it reads well in a log. */
export function createImportLines(
  write: (line: string) => void,
): (progress: ImportProgress) => void {
  let last = '';
  const once = (line: string): void => {
    if (line !== last) write(`${line}\n`);
    last = line;
  };
  return (progress) => {
    switch (progress.kind) {
      case 'skipped':
        write(`Left out image ${progress.imageId}: ${progress.reason}\n`);
        return;
      case 'waiting':
        write(`Waiting ${progress.seconds} s: ${progress.reason}\n`);
        return;
      case 'domain':
        write(`The domain ${progress.from} is not known here; "${progress.to}" takes its place.\n`);
        return;
      default: {
        const { kind, done, of } = progress;
        const tenths = of > 0 ? Math.floor((done / of) * 10) * 10 : 100;
        const count = kind === 'copying' && tenths === 100 ? ` (${done})` : '';
        once(`${stages[kind]}: ${tenths}%${count}`);
      }
    }
  };
}

/** What a shop wants to know before it switches over. */
export function importSummary(result: ImportResult): string {
  const { projectName, images, copied, skipped, untrainedBecause, comparison } = result;
  const lines = [
    `"${projectName}" has ${images} images, ${copied} of them new` +
      `${skipped > 0 ? `; ${skipped} were left out` : ''}.`,
  ];
  if (untrainedBecause !== null) lines.push(`It is not trained: ${untrainedBecause}`);
  switch (comparison.kind) {
    case 'none':
      lines.push(`There is no comparison: ${comparison.reason}`);
      return text(lines);
    case 'sums':
      lines.push(
        `"${comparison.old.name}" as the service tells of it, and the new iteration on photos that ` +
          'it had not learnt:',
        '',
      );
      return `${text(lines)}${comparisonTable(comparison.comparison)}`;
    case 'photo by photo':
      lines.push(
        `"${comparison.old.name}" and the new iteration on the same ` +
          `${comparison.comparison.photos} photos, each judged by who had not learnt it:`,
        '',
      );
      return `${text(lines)}${comparisonTable(comparison.comparison)}`;
  }
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
