import { createCalls } from '../../../shared/calls/calls.ts';
import type { Calls } from '../../../shared/calls/calls.ts';
import { startCapture } from './capture.ts';
import type { ProgramLimits } from './capture.ts';
import type { HostReply, HostRequest, WebcamHost } from './host-messages.ts';
import type { WebcamSettings } from './node-webcam.ts';
import { killProgram } from './program.ts';
import type { ProgramEnd, RunningProgram } from './program.ts';

/** Starts the program that takes one picture. */
export interface CaptureStarter {
  start(settings: WebcamSettings, path: string, limits: ProgramLimits): RunningProgram;
  close(): void;
}

/** A process that runs webcam-host: a utility process in Electron, a forked one in Node. */
export interface HostProcess {
  send(request: HostRequest): void;
  onReply(listener: (reply: HostReply) => void): void;
  onExit(listener: () => void): void;
  kill(): void;
}

/** Starts it from this process; for programs that are small themselves. */
export const inThisProcess: CaptureStarter = { start: startCapture, close: () => undefined };

const graceMs = 4000;

/** What became of a capture with its host. */
class HostError extends Error {
  constructor(readonly programEnd: ProgramEnd) {
    super(`The webcam's host: ${programEnd.kind}.`);
  }
}

interface OpenHost {
  readonly process: HostProcess;
  readonly calls: Calls<WebcamHost, number | null>;
}

/** Starts the host with the first picture, and again after it died or did not answer. */
export function inHostProcess(startHost: () => HostProcess): CaptureStarter {
  let host: OpenHost | null = null;

  function drop({ process, calls }: OpenHost, error: Error): void {
    process.kill();
    calls.end(error);
  }

  function open(): OpenHost {
    const process = startHost();
    const calls = createCalls<WebcamHost, number | null>({
      post: (request) => process.send(request),
      on: (receive) =>
        process.onReply((reply) => {
          // A host's end may be told before its last words are: that program has nobody else now.
          if (calls.isEnded() && reply.kind === 'progress') killIfAny(reply.progress);
          else receive(reply);
        }),
      lateError: () => new HostError({ kind: 'timeout', stdout: '', stderr: '' }),
      onLate: (error) => drop(opened, error),
    });
    const opened: OpenHost = { process, calls };
    process.onExit(() => drop(opened, new HostError({ kind: 'stopped' })));
    return opened;
  }

  return {
    start: (settings, path, limits) => {
      if (host === null || host.calls.isEnded()) host = open();
      const { calls } = host;
      let pid: number | null = null;
      // An environment is no plain object, and only such can be sent.
      const sendable = { ...limits, environment: { ...limits.environment } };
      const ended = calls
        .call(
          'capture',
          { settings, path, limits: sendable },
          {
            deadlineMs: limits.deadlineMs + graceMs,
            onProgress: (started) => {
              pid = started;
            },
          },
        )
        .catch((error: unknown): ProgramEnd => {
          if (!(error instanceof HostError)) return { kind: 'not-started', reason: String(error) };
          killIfAny(pid);
          return error.programEnd;
        });
      const stop = (): void => void calls.call('stop', path).catch(() => undefined);
      return { pid: null, ended, stop };
    },
    close: () => {
      if (host !== null) drop(host, new HostError({ kind: 'stopped' }));
    },
  };
}

function killIfAny(pid: number | null): void {
  if (pid !== null) killProgram(pid);
}
