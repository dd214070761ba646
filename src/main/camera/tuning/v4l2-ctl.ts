import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { runProgram } from '../webcam/program.ts';
import type { ProgramEnd } from '../webcam/program.ts';
import { isVideoNode } from '../webcam/device.ts';
import { parseControls } from './v4l2-controls.ts';
import type { V4l2Control } from './v4l2-controls.ts';

/** Where v4l-utils lies on Linux; nothing is searched in a PATH that others may have changed. */
const places = ['/usr/bin/v4l2-ctl', '/usr/local/bin/v4l2-ctl', '/bin/v4l2-ctl'] as const;

/** The program's path; null where it is not installed. */
export async function findV4l2Ctl(candidates: readonly string[] = places): Promise<string | null> {
  for (const candidate of candidates) {
    const isThere = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return candidate;
  }
  return null;
}

export interface V4l2CtlOptions {
  /** For one call. Default 3000. */
  readonly deadlineMs?: number;
  readonly environment?: NodeJS.ProcessEnv;
}

/** What v4l2-ctl could not do, and why, in its own words where it has some. */
export class V4l2CtlError extends Error {
  readonly reason: 'no-program' | 'refused' | 'failed';

  constructor(reason: V4l2CtlError['reason'], message: string) {
    super(message);
    this.name = 'V4l2CtlError';
    this.reason = reason;
  }
}

/** The controls of one video device, by the program `v4l2-ctl`. Everything rejects with a V4l2CtlError. */
export interface V4l2Ctl {
  list(): Promise<readonly V4l2Control[]>;
  /** One control alone: drivers refuse to set an automatic and what it rules in one go. */
  set(name: string, value: number): Promise<void>;
  /** Ends what runs; nothing is run afterwards. */
  stop(): void;
}

export function openV4l2Ctl(program: string, node: string, options: V4l2CtlOptions = {}): V4l2Ctl {
  if (!isVideoNode(node)) throw new RangeError(`“${node}” is no video device.`);
  const deadlineMs = options.deadlineMs ?? 3000;
  const environment = options.environment ?? process.env;
  let stopped = false;
  let stopRunning: () => void = () => undefined;

  async function run(order: string): Promise<string> {
    if (stopped) throw new V4l2CtlError('failed', 'The camera was stopped.');
    const running = runProgram([program, `--device=${node}`, order], deadlineMs, environment);
    stopRunning = running.stop;
    return outputOf(await running.ended, deadlineMs);
  }

  return {
    list: async () => {
      const output = await run('--list-ctrls-menus');
      try {
        return parseControls(output);
      } catch (error) {
        throw new V4l2CtlError('failed', error instanceof Error ? error.message : String(error));
      }
    },
    set: async (name, value) => {
      if (!/^[a-z0-9_]{1,64}$/.test(name) || !Number.isSafeInteger(value)) {
        throw new RangeError(`“${name}=${value}” is no control with its value.`);
      }
      await run(`--set-ctrl=${name}=${value}`);
    },
    stop: () => {
      stopped = true;
      stopRunning();
    },
  };
}

/** A driver's refusal ends the program with 255, anything else that it cannot do with 1. */
const refusedExitCode = 255;

function outputOf(end: ProgramEnd, deadlineMs: number): string {
  switch (end.kind) {
    case 'not-found':
      throw new V4l2CtlError('no-program', 'The program v4l2-ctl is not installed.');
    case 'ended': {
      if (end.exitCode === 0) return end.stdout;
      const said = (end.stderr.trim() || end.stdout.trim()).split('\n')[0] ?? '';
      const what = `v4l2-ctl ended with ${end.exitCode}: ${said.slice(0, 120)}`;
      throw new V4l2CtlError(end.exitCode === refusedExitCode ? 'refused' : 'failed', what);
    }
    case 'timeout':
      throw new V4l2CtlError('failed', `v4l2-ctl did not answer within ${deadlineMs} ms.`);
    case 'not-started':
      throw new V4l2CtlError('failed', `v4l2-ctl could not be started: ${end.reason}`);
    case 'stopped':
      throw new V4l2CtlError('failed', 'The camera was stopped.');
  }
}
