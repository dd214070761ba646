import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { dyingAt } from './die-at.ts';
import { buildPrograms } from './training-worker.ts';

/** The engine's command line as its users run it. */
export interface BuiltCli {
  readonly run: (...args: readonly string[]) => Promise<Finished>;
  /** The same, but killed right after it has written a line that begins so to stderr. */
  readonly runDyingAt: (line: string, ...args: readonly string[]) => Promise<Finished>;
  readonly remove: () => void;
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function buildCli(): Promise<BuiltCli> {
  const { folder, remove } = await buildPrograms(['cli', 'inference-worker']);
  const program = join(folder, 'cli.js');
  const finish = async (args: readonly string[]): Promise<Finished> => {
    const child = spawn(process.execPath, args);
    const [stdout, stderr, [code, signal]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
    ]);
    return { code, signal, stdout, stderr };
  };
  return {
    run: (...args) => finish([program, ...args]),
    runDyingAt: (line, ...args) => finish([...dyingAt(line), program, ...args]),
    remove,
  };
}
