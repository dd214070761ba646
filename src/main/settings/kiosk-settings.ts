import { z } from 'zod';
import { jsonProblem } from './json-problem.ts';
import { languageCodes } from '../../shared/language.ts';
import { deviceSettings } from '../devices/registry.ts';

const fields = z.strictObject({
  store: z
    .strictObject({
      name: z.string().trim().min(1).max(60).default('Freshlane'),
      /** ISO 3166 country: decides the form of amounts and dates. */
      region: z
        .string()
        .regex(/^[A-Z]{2}$/, 'is not a country code of two capitals, such as IE')
        .default('IE'),
      /** ISO 4217. */
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/, 'is not a currency code of three capitals, such as EUR')
        .default('EUR'),
      languages: z.array(z.enum(languageCodes)).min(1).default(['en', 'de']),
      /** Kept for learning, and told to shoppers on the welcome screen. */
      keepsPictures: z.boolean().default(false),
    })
    .prefault({}),
  ...deviceSettings,
  /** A CSV file; a path that is not absolute starts at the settings' folder. */
  catalogue: z.string().min(1).nullable().default(null),
  /** Sell with the good lines of a catalogue that has bad ones. */
  keepGoodCatalogueLines: z.boolean().default(false),
  /** The recogniser's own settings, judged by recognition-settings.ts. */
  recognition: z.record(z.string(), z.unknown()).default({}),
});

const schema = fields.check(({ value: { camera, scale, recogniser, store }, issues }) => {
  if (scale.kind === 'tray' && camera.kind !== 'tray') {
    const message = `is tray, which weighs the virtual tray; camera.kind is ${camera.kind}`;
    issues.push({ code: 'custom', path: ['scale', 'kind'], message, input: scale.kind });
  }
  // Shoppers would be told what is not so.
  if (store.keepsPictures && recogniser.kind === 'engine') {
    const message = "is true, but the kiosk's own engine (recogniser.kind) keeps no pictures";
    issues.push({ code: 'custom', path: ['store', 'keepsPictures'], message, input: true });
  }
});

/** What an operator sets for one kiosk, in `settings.json` of the data folder. */
export type KioskSettings = z.infer<typeof schema>;

export interface SettingProblem {
  readonly setting: string;
  readonly message: string;
}

/** What the command line says of devices, which goes before the file; null where it says nothing. */
export type DeviceOverrides = Partial<
  Record<keyof typeof deviceSettings, Readonly<Record<string, string | number | null>>>
>;

/** Judges the text of `settings.json`; null stands for a file that is not there: all defaults. */
export function parseKioskSettings(
  text: string | null,
  overrides: DeviceOverrides = {},
): { readonly settings: KioskSettings } | { readonly problems: readonly SettingProblem[] } {
  let raw: unknown = {};
  if (text !== null) {
    try {
      raw = JSON.parse(text.replace(/^\uFEFF/, ''));
    } catch (error) {
      return { problems: [{ setting: 'settings.json', message: jsonProblem(text, error) }] };
    }
  }
  const parsed = schema.safeParse(withTraysScale(overridden(raw, overrides)));
  if (parsed.success) return { settings: parsed.data };
  return {
    problems: parsed.error.issues.map((issue) => ({
      setting: issue.path.join('.') || 'settings.json',
      message: issue.message,
    })),
  };
}

/** What is not an object is left for the schema to refuse. */
function overridden(raw: unknown, overrides: DeviceOverrides): unknown {
  if (!isObject(raw)) return raw;
  const result: Record<string, unknown> = { ...raw };
  for (const [place, settings] of Object.entries(overrides)) {
    const said = Object.entries(settings).filter(([, value]) => value !== null);
    const before = raw[place] ?? {};
    if (said.length > 0 && isObject(before)) {
      result[place] = { ...before, ...Object.fromEntries(said) };
    }
  }
  return result;
}

/** The virtual tray weighs what lies on it, where nothing is said of a scale. */
function withTraysScale(raw: unknown): unknown {
  if (!isObject(raw) || raw['scale'] !== undefined) return raw;
  const { camera } = raw;
  return isObject(camera) && camera['kind'] === 'tray' ? { ...raw, scale: { kind: 'tray' } } : raw;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
