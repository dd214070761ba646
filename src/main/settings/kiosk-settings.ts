import { z } from 'zod';
import { jsonProblem } from './json-problem.ts';
import { languages } from '../../shared/language.ts';
import type { Language } from '../../shared/language.ts';
import { cameraSettings, terminalSettings } from '../devices/device-settings.ts';

const languageCodes = Object.keys(languages) as [Language, ...Language[]];

const schema = z.strictObject({
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
  camera: cameraSettings.prefault({}),
  terminal: terminalSettings.prefault({}),
  /** A CSV file; a path that is not absolute starts at the settings' folder. */
  catalogue: z.string().min(1).nullable().default(null),
  /** Sell with the good lines of a catalogue that has bad ones. */
  keepGoodCatalogueLines: z.boolean().default(false),
  /** The recogniser's own settings, judged by recognition-settings.ts. */
  recognition: z.record(z.string(), z.unknown()).default({}),
});

/** What an operator sets for one kiosk, in `settings.json` of the data folder. */
export type KioskSettings = z.infer<typeof schema>;

export interface SettingProblem {
  readonly setting: string;
  readonly message: string;
}

/** Judges the text of `settings.json`; null stands for a file that is not there: all defaults. */
export function parseKioskSettings(
  text: string | null,
): { readonly settings: KioskSettings } | { readonly problems: readonly SettingProblem[] } {
  let raw: unknown = {};
  if (text !== null) {
    try {
      raw = JSON.parse(text.replace(/^\uFEFF/, ''));
    } catch (error) {
      return { problems: [{ setting: 'settings.json', message: jsonProblem(text, error) }] };
    }
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { settings: parsed.data };
  return {
    problems: parsed.error.issues.map((issue) => ({
      setting: issue.path.join('.') || 'settings.json',
      message: issue.message,
    })),
  };
}
