import { createRequire } from 'node:module';

/** The part of node-webcam that is used; it has no types of its own. */
export interface NodeWebcam {
  create(options: WebcamSettings): {
    capture(path: string, callback: (error: unknown) => void): void;
    list(callback: (devices: readonly string[]) => void): void;
  };
}

/** Nothing else may be passed: title, subtitle and setValues go into the command line as they are. */
export interface WebcamSettings {
  readonly width: number;
  readonly height: number;
  /** JPEG quality, 1 to 100. */
  readonly quality: number;
  readonly output: 'jpeg';
  readonly callbackReturn: 'location';
  readonly saveShots: false;
  readonly verbose: false;
  readonly device: string | false;
  /** Pictures that the camera may take to find its exposure. */
  readonly skip: number | false;
}

/** The shape in which node-webcam calls `child_process.exec`; its options are of no use here. */
export type Exec = (commandLine: string, ...rest: readonly (object | ExecCallback)[]) => void;

export type ExecCallback = (error: Error | null, stdout: string, stderr: string) => void;

const requireModule = createRequire(import.meta.url);

let lent: Exec = refuse;
let loaded: NodeWebcam | null = null;

/**
 * Calls node-webcam with an `exec` of ours in place of Node's.
 *
 * node-webcam hands a string to a shell, without a time limit, and keeps the child to itself. It
 * picks up `exec` from `child_process` as it is loaded, so it is loaded once with another in that
 * place: the string is then taken apart, checked, and run without a shell, under a deadline and in
 * a process group that can be ended. That also holds where a helper process could not do it: in a
 * packaged app Electron is no Node, and a utility process has no group of its own.
 */
export function withNodeWebcam<T>(exec: Exec, use: (nodeWebcam: NodeWebcam) => T): T {
  loaded ??= load();
  lent = exec;
  try {
    return use(loaded);
  } finally {
    lent = refuse;
  }
}

function load(): NodeWebcam {
  if (requireModule.resolve('node-webcam') in requireModule.cache) {
    throw new Error('node-webcam is loaded already, with an exec that cannot be bounded.');
  }
  const childProcess: { exec: unknown } = requireModule('node:child_process');
  const own = childProcess.exec;
  const lender: Exec = (commandLine, ...rest) => lent(commandLine, ...rest);
  childProcess.exec = lender;
  try {
    return requireModule('node-webcam') as NodeWebcam;
  } finally {
    childProcess.exec = own;
  }
}

function refuse(): void {
  throw new Error('node-webcam may only start programs while it is asked to.');
}
