import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/** What a program wrote, the beginning of it. */
interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

export type ProgramEnd =
  | ({ readonly kind: 'ended'; readonly exitCode: number | null } & Output)
  | { readonly kind: 'not-found' }
  | { readonly kind: 'not-started'; readonly reason: string }
  | ({ readonly kind: 'timeout' } & Output)
  | { readonly kind: 'stopped' };

export interface RunningProgram {
  /** Null where another process started it, or nothing was started. */
  readonly pid: number | null;
  /** Settles when the program and whatever it started are gone; never rejects. */
  readonly ended: Promise<ProgramEnd>;
  stop(): void;
}

const outputLimit = 16_384;
const pipeGraceMs = 300;

/** Runs a program without a shell, in a process group of its own that is killed at the deadline. */
export function runProgram(
  [program, ...parameters]: readonly [string, ...string[]],
  deadlineMs: number,
  environment: NodeJS.ProcessEnv,
): RunningProgram {
  const child = spawn(program, parameters, {
    detached: process.platform !== 'win32',
    // The messages are read by fault.ts, which knows them in English.
    env: { ...environment, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8');
    child[name].on('data', (text: string) => {
      if (output[name].length < outputLimit) output[name] += text;
    });
  }

  let cause: 'timeout' | 'stopped' | null = null;
  const end = (why: 'timeout' | 'stopped') => {
    cause ??= why;
    killGroup(child);
  };
  const ended = new Promise<ProgramEnd>((resolve) => {
    const timer = setTimeout(() => end('timeout'), deadlineMs);
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve(
        error.code === 'ENOENT'
          ? { kind: 'not-found' }
          : { kind: 'not-started', reason: error.message },
      );
    });
    child.on('exit', () => {
      clearTimeout(timer);
      // What it started may outlive it, and would hold the camera and this pipe.
      killGroup(child);
      // One that left the group keeps the pipes open for as long as it likes.
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, pipeGraceMs).unref();
    });
    child.on('close', (exitCode) => {
      if (cause === 'timeout') resolve({ kind: 'timeout', ...output });
      else if (cause === 'stopped') resolve({ kind: 'stopped' });
      else resolve({ kind: 'ended', exitCode, ...output });
    });
  });
  return { pid: child.pid ?? null, ended, stop: () => end('stopped') };
}

function killGroup(child: ChildProcess): void {
  if (child.pid !== undefined) killProgram(child.pid);
}

/** Ends a program that runProgram started, and what it started itself. */
export function killProgram(pid: number): void {
  if (process.platform === 'win32') {
    const killer = spawn('taskkill', ['/PID', String(pid), '/T', '/F'], { stdio: 'ignore' });
    killer.on('error', () => undefined);
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}
