import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cameraPlace } from '../devices/camera/camera-place.ts';
import { demoBehaviours } from '../devices/terminal/demo/demo-driver.ts';
import { ledgerActions } from '../ledger/ledger-action.ts';
import type { LedgerAction } from '../ledger/ledger-action.ts';

/** What the command line asks for, parsed once. */
export interface Options {
  /** The demo shop; also where neither a configuration nor settings name another. */
  readonly demo: boolean;
  /** Plays one sale unattended through the window and ends. */
  readonly demoSale: boolean;
  readonly camera: (typeof cameraPlace.kinds)[number] | null;
  /** A device path of the webcam driver, or the id or label of the live one. */
  readonly device: string | null;
  readonly config: string | null;
  readonly catalogue: string | null;
  readonly data: string | null;
  readonly windowed: boolean;
  readonly orientation: 'portrait' | 'landscape';
  readonly json: boolean;
  readonly pictures: string | null;
  /** Of the virtual tray's scene. */
  readonly seed: number | null;
  /** How the demo terminal behaves. */
  readonly terminal: (typeof demoBehaviours)[number] | null;
  /** Until the demo terminal answers. */
  readonly terminalAnswerMs: number | null;
  /** Looks at the ledger, or prints it, without a window, and ends. */
  readonly ledger: LedgerAction | null;
}

export class OptionsError extends Error {}

const orientations = ['portrait', 'landscape'] as const;

/** Parses the arguments after the app's own path. Throws an OptionsError that names the bad one. */
export function parseOptions(args: readonly string[], workingFolder: string): Options {
  // Chromium's own switches share the command line; they are not ours to judge.
  const own = args.filter((argument) => !isChromiumSwitch(argument));
  let values;
  try {
    ({ values } = parseArgs({
      args: own,
      strict: true,
      allowPositionals: false,
      options: {
        demo: { type: 'boolean' },
        'demo-sale': { type: 'boolean' },
        camera: { type: 'string' },
        device: { type: 'string' },
        config: { type: 'string' },
        catalogue: { type: 'string' },
        data: { type: 'string' },
        windowed: { type: 'boolean' },
        orientation: { type: 'string' },
        json: { type: 'boolean' },
        pictures: { type: 'string' },
        seed: { type: 'string' },
        terminal: { type: 'string' },
        'terminal-answer-ms': { type: 'string' },
        ledger: { type: 'string' },
      },
    }));
  } catch (error) {
    throw new OptionsError(error instanceof Error ? error.message : String(error));
  }
  const path = (value: string | undefined) =>
    value === undefined ? null : resolve(workingFolder, value);
  return {
    demo: values.demo ?? false,
    demoSale: values['demo-sale'] ?? false,
    camera: oneOf('camera', values.camera, cameraPlace.kinds),
    device: values.device ?? null,
    config: path(values.config),
    catalogue: path(values.catalogue),
    data: path(values.data),
    windowed: values.windowed ?? false,
    orientation: oneOf('orientation', values.orientation, orientations) ?? 'portrait',
    json: values.json ?? false,
    pictures: path(values.pictures),
    seed: wholeNumber('seed', values.seed),
    terminal: oneOf('terminal', values.terminal, demoBehaviours),
    terminalAnswerMs: wholeNumber('terminal-answer-ms', values['terminal-answer-ms']),
    ledger: oneOf('ledger', values.ledger, ledgerActions),
  };
}

const ownNames = new Set([
  ...['demo', 'demo-sale', 'camera', 'device', 'config', 'catalogue', 'data', 'windowed'],
  ...['orientation', 'json', 'pictures', 'seed', 'terminal', 'terminal-answer-ms', 'ledger'],
]);

const chromiumSwitches =
  /^--(no-sandbox|disable-|enable-|use-|force-|inspect|remote-debugging-|ozone-|in-process-gpu|js-flags|user-data-dir|lang|log-|v=|no-first-run|password-store|allow-)/;

function isChromiumSwitch(argument: string): boolean {
  const name = /^--([\w-]+)/.exec(argument)?.[1];
  return name !== undefined && !ownNames.has(name) && chromiumSwitches.test(argument);
}

function oneOf<T extends string>(
  name: string,
  value: string | undefined,
  allowed: readonly T[],
): T | null {
  if (value === undefined) return null;
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) {
    throw new OptionsError(`--${name}=${value} is not one of ${allowed.join(', ')}.`);
  }
  return found;
}

function wholeNumber(name: string, value: string | undefined): number | null {
  if (value === undefined) return null;
  if (!/^\d{1,9}$/.test(value)) throw new OptionsError(`--${name}=${value} is not a whole number.`);
  return Number(value);
}
