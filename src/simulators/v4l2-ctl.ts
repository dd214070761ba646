/**
 * A camera as the program v4l2-ctl of v4l-utils 1.22 shows it, written from its source
 * (utils/v4l2-ctl/v4l2-ctl-common.cpp) and from what Linux's uvcvideo does.
 */
export interface SimulatedCamera {
  readonly controls: readonly SimulatedControl[];
  /** What goes wrong, by how the program is called. */
  readonly faults?: {
    readonly list?: 'hangs' | 'fails' | 'garbage' | 'no-device';
    /** By a control's name: the driver refuses it, or takes it and does as it likes. */
    readonly set?: Readonly<Record<string, 'refused' | 'ignored' | 'hangs'>>;
  };
}

export interface SimulatedControl {
  readonly name: string;
  readonly id: number;
  readonly type: 'int' | 'bool' | 'menu' | 'button';
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly default?: number;
  readonly value: number;
  readonly menu?: Readonly<Record<number, string>>;
  /** Cannot be set while the other control has another value than this. */
  readonly ruledBy?: { readonly name: string; readonly value: number };
  /** Reading it fails, as some cameras have it. */
  readonly isUnreadable?: boolean;
}

export interface ProgramResult {
  readonly camera: SimulatedCamera;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** The program never ends. */
  readonly hangs: boolean;
}

/** Runs the program once: what it says, and what it leaves behind. */
export function simulateV4l2Ctl(camera: SimulatedCamera, args: readonly string[]): ProgramResult {
  const [device = '', order = ''] = args;
  const end = (exitCode: number, stdout: string, stderr = ''): ProgramResult => ({
    camera,
    stdout,
    stderr,
    exitCode,
    hangs: false,
  });
  const hang: ProgramResult = { ...end(0, ''), hangs: true };
  const node = /^--device=(\/dev\/\S+)$/.exec(device)?.[1];
  if (node === undefined || args.length !== 2)
    return end(1, '', `unrecognized option '${device}'\n`);
  if (camera.faults?.list === 'no-device') {
    return end(1, '', `Cannot open device ${node}, exiting.\n`);
  }
  if (order === '--list-ctrls-menus') {
    switch (camera.faults?.list) {
      case 'hangs':
        return hang;
      case 'fails':
        return end(1, '', 'Unable to detect what device this is, exiting.\n');
      case 'garbage':
        return end(0, '<html><body>Not a camera</body></html>\n');
      case undefined:
        return end(0, listing(camera));
    }
  }
  const [, name = '', text = ''] = /^--set-ctrl=(\w+)=(-?\d+)$/.exec(order) ?? [];
  if (name === '') return end(1, '', `unrecognized option '${order}'\n`);
  const control = camera.controls.find((one) => one.name === name);
  if (control === undefined) return end(1, '', `unknown control '${name}'\n`);
  const refuse = (why: string): ProgramResult =>
    end(255, `VIDIOC_S_EXT_CTRLS: failed: ${why}\n`, `${name}: ${why}\n`);
  const fault = camera.faults?.set?.[name];
  if (fault === 'hangs') return hang;
  if (fault === 'refused') return refuse('Input/output error');
  if (isInactive(control, camera)) return refuse('Permission denied');
  const value = Number(text);
  if (value < (control.min ?? 0) || value > (control.max ?? 1)) {
    return refuse('Numerical result out of range');
  }
  if (control.menu !== undefined && !(value in control.menu)) return refuse('Invalid argument');
  if (fault === 'ignored') return end(0, '');
  const controls = camera.controls.map((one) => (one === control ? { ...one, value } : one));
  return { ...end(0, ''), camera: { ...camera, controls } };
}

function isInactive({ ruledBy }: SimulatedControl, { controls }: SimulatedCamera): boolean {
  if (ruledBy === undefined) return false;
  return controls.find((one) => one.name === ruledBy.name)?.value !== ruledBy.value;
}

function listing(camera: SimulatedCamera): string {
  const classes = [
    ['User Controls', 0x0098],
    ['Camera Controls', 0x009a],
  ] as const;
  return classes
    .map(([heading, number]) => {
      const lines = camera.controls
        .filter(({ id }) => id >> 16 === number)
        .map((control) => lineOf(control, isInactive(control, camera)));
      return `\n${heading}\n\n${lines.join('')}`;
    })
    .join('');
}

function lineOf(control: SimulatedControl, inactive: boolean): string {
  const { name, id, type, value, menu } = control;
  const { min = 0, max = 1, step = 1, default: initial = 0 } = control;
  if (control.isUnreadable) return `error 5 getting ext_ctrl ${name.replaceAll('_', ' ')}\n`;
  const head = `${name.padStart(31)} 0x${id.toString(16).padStart(8, '0')} ${`(${type})`.padEnd(9)}:`;
  if (type === 'button') return `${head} value=0 flags=write-only, execute-on-write\n`;
  const range = {
    int: ` min=${min} max=${max} step=${step}`,
    bool: '',
    menu: ` min=${min} max=${max}`,
  }[type];
  const shown = menu === undefined ? `${value}` : `${value} (${menu[value]})`;
  const flags = inactive ? ' flags=inactive' : '';
  const items = Object.entries(menu ?? {}).map(([number, text]) => `\t\t\t\t${number}: ${text}\n`);
  return `${head}${range} default=${initial} value=${shown}${flags}\n${items.join('')}`;
}

/** A common webcam, all on automatic, with the controls' newer names. */
export const commonWebcam: SimulatedCamera = {
  controls: [
    { name: 'brightness', id: 0x00980900, type: 'int', min: 0, max: 255, default: 128, value: 128 },
    { name: 'white_balance_automatic', id: 0x0098090c, type: 'bool', default: 1, value: 1 },
    { name: 'gain', id: 0x00980913, type: 'int', min: 0, max: 255, value: 30 },
    {
      name: 'power_line_frequency',
      id: 0x00980918,
      type: 'menu',
      min: 0,
      max: 2,
      default: 2,
      value: 2,
      menu: { 0: 'Disabled', 1: '50 Hz', 2: '60 Hz' },
    },
    {
      name: 'white_balance_temperature',
      id: 0x0098091a,
      type: 'int',
      min: 2800,
      max: 6500,
      step: 10,
      default: 4600,
      value: 4120,
      ruledBy: { name: 'white_balance_automatic', value: 0 },
    },
    {
      name: 'auto_exposure',
      id: 0x009a0901,
      type: 'menu',
      min: 0,
      max: 3,
      default: 3,
      value: 3,
      menu: { 1: 'Manual Mode', 3: 'Aperture Priority Mode' },
    },
    {
      name: 'exposure_time_absolute',
      id: 0x009a0902,
      type: 'int',
      min: 3,
      max: 2047,
      default: 250,
      value: 230,
      ruledBy: { name: 'auto_exposure', value: 1 },
    },
    { name: 'exposure_dynamic_framerate', id: 0x009a0903, type: 'bool', value: 1 },
    { name: 'focus_absolute', id: 0x009a090a, type: 'int', value: 0, isUnreadable: true },
    { name: 'focus_automatic_continuous', id: 0x009a090c, type: 'bool', default: 1, value: 1 },
    { name: 'pan_reset', id: 0x009a0904, type: 'button', value: 0 },
  ],
};

const olderNames: Readonly<Record<string, string>> = {
  white_balance_automatic: 'white_balance_temperature_auto',
  auto_exposure: 'exposure_auto',
  exposure_time_absolute: 'exposure_absolute',
  exposure_dynamic_framerate: 'exposure_auto_priority',
  focus_automatic_continuous: 'focus_auto',
};

/** The same on an older kernel, which calls some controls otherwise. */
export const webcamOnOlderKernel: SimulatedCamera = {
  controls: commonWebcam.controls.map((control) => ({
    ...control,
    name: olderNames[control.name] ?? control.name,
    ...(control.ruledBy && {
      ruledBy: {
        ...control.ruledBy,
        name: olderNames[control.ruledBy.name] ?? control.ruledBy.name,
      },
    }),
  })),
};
