import { splitCommandLine } from './command-line.ts';
import { withNodeWebcam } from './node-webcam.ts';
import type { Exec, NodeWebcam, WebcamSettings } from './node-webcam.ts';
import { runProgram } from './program.ts';
import type { ProgramEnd, RunningProgram } from './program.ts';

export interface ProgramLimits {
  readonly deadlineMs: number;
  readonly environment: NodeJS.ProcessEnv;
}

/** Has node-webcam write one picture to `path`; the caller has checked path and device. */
export function startCapture(
  settings: WebcamSettings,
  path: string,
  limits: ProgramLimits,
): RunningProgram {
  return runWithin(limits, (nodeWebcam, done) => {
    // A fresh object: node-webcam writes its defaults into the one it gets.
    nodeWebcam.create({ ...settings }).capture(path, done);
  });
}

/** The devices that node-webcam's program lists, on macOS and Windows; empty when there is none. */
export async function listByProgram(limits: ProgramLimits): Promise<readonly string[]> {
  let devices: readonly string[] = [];
  const run = runWithin(limits, (nodeWebcam, done) => {
    const settings = { ...blankSettings, device: false } as const;
    nodeWebcam.create({ ...settings }).list((listed) => {
      devices = listed;
      done();
    });
  });
  const end = await run.ended;
  // CommandCam's list is counted line by line, this line too.
  const none = end.kind === 'ended' && /no video devices found/i.test(end.stdout + end.stderr);
  return end.kind === 'ended' && !none ? devices : [];
}

const blankSettings = {
  width: 640,
  height: 480,
  quality: 85,
  output: 'jpeg',
  callbackReturn: 'location',
  saveShots: false,
  verbose: false,
  skip: false,
} as const;

function runWithin(
  { deadlineMs, environment }: ProgramLimits,
  use: (nodeWebcam: NodeWebcam, done: (error?: unknown) => void) => void,
): RunningProgram {
  const runs: RunningProgram[] = [];
  const exec: Exec = (commandLine, ...rest) => {
    const words = splitCommandLine(commandLine);
    if (words === null) throw new Error('node-webcam wrote a command line that needs a shell.');
    const run = runProgram(words, deadlineMs, environment);
    const callback = rest.at(-1);
    void run.ended.then((end) => {
      if (typeof callback !== 'function' || end.kind !== 'ended') return;
      const failed = end.exitCode === 0 ? null : new Error(`It ended with ${end.exitCode}.`);
      try {
        Reflect.apply(callback, undefined, [failed, end.stdout, end.stderr]);
      } catch {
        // node-webcam throws inside its callbacks; the end of the program says what is wrong.
      }
    });
    runs.push(run);
  };
  const notStarted = (reason: string): RunningProgram => ({
    pid: null,
    ended: Promise.resolve({ kind: 'not-started', reason } satisfies ProgramEnd),
    stop: () => undefined,
  });
  try {
    withNodeWebcam(exec, (nodeWebcam) => use(nodeWebcam, () => undefined));
  } catch (error) {
    for (const run of runs) run.stop();
    return notStarted(error instanceof Error ? error.message : String(error));
  }
  return runs[0] ?? notStarted('node-webcam started no program.');
}
