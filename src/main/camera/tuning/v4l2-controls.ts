/** A control of a camera as `v4l2-ctl --list-ctrls-menus` writes it. */
export interface V4l2Control {
  /** The kernel's number, which is the same for each camera and each version; names are not. */
  readonly id: number;
  readonly name: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** What a menu's values mean; empty for all that is no menu. */
  readonly menu: ReadonlyMap<number, string>;
  /** Such as `inactive`, `read-only`. */
  readonly flags: ReadonlySet<string>;
}

/** linux/v4l2-controls.h */
export const controlIds = {
  powerLineFrequency: 0x0098_0918,
  autoWhiteBalance: 0x0098_090c,
  whiteBalanceTemperature: 0x0098_091a,
  autoExposure: 0x009a_0901,
  exposureTime: 0x009a_0902,
  /** Whether a camera may give fewer pictures a second to expose for longer. */
  dynamicFrameRate: 0x009a_0903,
  autoFocus: 0x009a_090c,
} as const;

const controlLine = /^ *([a-z0-9_]+) 0x([0-9a-f]{8}) \(([\w-]+)\) *:(.*)$/;
const menuLine = /^\t{1,4}(\d{1,9}): (.*)$/;
/** `error 5 getting ext_ctrl Focus, Absolute`: cameras have controls that cannot be read. */
const unreadable = /^error \d+ getting (?:ext_)?ctrl .*$/;
/** `User Controls`; a driver names its own classes. */
const heading = /^[A-Z][\w ,/()-]{0,63}$/;

/** Types that one number says all of; the rest is passed over. */
const numeric: ReadonlySet<string> = new Set(['int', 'bool', 'menu']);

/** Parses what the program wrote (1.16 and newer). Throws an error that quotes the bad line. */
export function parseControls(output: string): readonly V4l2Control[] {
  const controls: V4l2Control[] = [];
  let menu: Map<number, string> | null = null;
  for (const line of output.split('\n')) {
    const item = menuLine.exec(line);
    if (item !== null && menu !== null) {
      menu.set(Number(item[1]), item[2] ?? '');
      continue;
    }
    if (line.trim() === '' || heading.test(line) || unreadable.test(line)) {
      menu = null;
      continue;
    }
    const [, name = '', id = '', type = '', rest = ''] = controlLine.exec(line) ?? [];
    if (name === '') throw new Error(`v4l2-ctl wrote a line that is no control: ${quoted(line)}`);
    menu = new Map();
    const [values = '', flags = ''] = rest.split(' flags=');
    if (!numeric.has(type)) continue;
    const number = (key: string, otherwise: number): number => {
      const text = new RegExp(`(?:^| )${key}=(-?\\d{1,18})(?: |$)`).exec(values)?.[1];
      return text === undefined ? otherwise : Number(text);
    };
    const value = number('value', Number.NaN);
    if (Number.isNaN(value)) {
      if (flags.includes('write-only')) continue;
      throw new Error(`v4l2-ctl wrote a control without its value: ${quoted(line)}`);
    }
    controls.push({
      id: Number.parseInt(id, 16),
      name,
      value,
      min: number('min', 0),
      max: number('max', 1),
      step: number('step', 1),
      menu,
      flags: new Set(flags.split(', ').filter((flag) => flag !== '')),
    });
  }
  return controls;
}

function quoted(line: string): string {
  return JSON.stringify(line.slice(0, 80));
}
