import { startCapture } from './capture.ts';
import type { ProgramLimits } from './capture.ts';
import type { HostReply, HostRequest } from './host-messages.ts';
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

interface Waiting {
  readonly end: (end: ProgramEnd) => void;
  readonly timer: NodeJS.Timeout;
  pid: number | null;
}

/** Starts the host with the first picture, and again after it died or did not answer. */
export function inHostProcess(startHost: () => HostProcess): CaptureStarter {
  const waiting = new Map<number, Waiting>();
  let host: HostProcess | null = null;
  let lastId = 0;

  function settle(id: number, end: ProgramEnd): void {
    const one = waiting.get(id);
    if (one === undefined) return;
    waiting.delete(id);
    clearTimeout(one.timer);
    one.end(end);
  }

  function drop(gone: HostProcess, kind: 'timeout' | 'stopped'): void {
    if (host !== gone) return;
    host = null;
    gone.kill();
    for (const [id, { pid }] of waiting) {
      if (pid !== null) killProgram(pid);
      settle(id, kind === 'timeout' ? { kind, stdout: '', stderr: '' } : { kind });
    }
  }

  function open(): HostProcess {
    const opened = startHost();
    opened.onExit(() => drop(opened, 'stopped'));
    opened.onReply((reply) => {
      const one = waiting.get(reply.id);
      if (reply.kind === 'ended') settle(reply.id, reply.end);
      else if (one !== undefined) one.pid = reply.pid;
      // A host's end may be told before its last words are: that program has nobody else now.
      else if (host !== opened && reply.pid !== null) killProgram(reply.pid);
    });
    host = opened;
    return opened;
  }

  return {
    start: (settings, path, limits) => {
      const asked = host ?? open();
      const id = ++lastId;
      const ended = new Promise<ProgramEnd>((resolve) => {
        const timer = setTimeout(() => drop(asked, 'timeout'), limits.deadlineMs + graceMs);
        waiting.set(id, { end: resolve, timer, pid: null });
      });
      // An environment is no plain object, and only such can be sent.
      const sendable = { ...limits, environment: { ...limits.environment } };
      asked.send({ kind: 'start', id, settings, path, limits: sendable });
      return { pid: null, ended, stop: () => asked.send({ kind: 'stop', id }) };
    },
    close: () => {
      if (host !== null) drop(host, 'stopped');
    },
  };
}
