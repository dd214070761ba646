import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { Catalogue } from '../../shared/catalogue.ts';
import { readCatalogue } from '../catalogue/read-catalogue.ts';
import type { Log } from '../../shared/log.ts';
import type { Options } from '../app/options.ts';
import type { Paths } from '../app/paths.ts';
import { parseKioskSettings } from '../settings/kiosk-settings.ts';
import type { DeviceOverrides, KioskSettings } from '../settings/kiosk-settings.ts';

/** What this kiosk sells and with what; `fault` says why it cannot sell. */
export interface Shop {
  readonly settings: KioskSettings;
  readonly catalogue: Catalogue;
  /** Where the catalogue's pictures lie: `pictures` beside the CSV file. */
  readonly pictureFolder: string;
  readonly demo: boolean;
  readonly fault: 'settings' | 'catalogue' | null;
}

/**
 * Reads settings and catalogue. The demo shop stands in where neither the command line nor the
 * settings name a shop. Every problem is logged by its setting or line.
 */
export async function openShop(
  options: Options,
  dataFolder: string,
  paths: Paths,
  log: Log,
): Promise<Shop> {
  const defaults = parseKioskSettings(null);
  if ('problems' in defaults) throw new Error('The default settings are broken.');
  const text = await readOrNull(join(dataFolder, 'settings.json'), log);
  const demo =
    options.demo || (text === null && options.catalogue === null && options.config === null);
  const parsed = parseKioskSettings(demo ? demoSettings : text, overridesOf(options));
  if ('problems' in parsed) {
    for (const problem of parsed.problems) log.error('setting-refused', { ...problem });
    return {
      settings: defaults.settings,
      catalogue: emptyCatalogue(defaults.settings),
      pictureFolder: paths.productPictures,
      demo: false,
      fault: 'settings',
    };
  }
  const { settings } = parsed;
  const own = options.catalogue ?? settings.catalogue;
  const named = own === null ? paths.demoCatalogue : own;
  const file = isAbsolute(named) ? named : join(dataFolder, named);
  const { catalogue, problems } = await readCatalogue(file, settings.store.currency);
  for (const problem of problems) log.error('catalogue-line-refused', { file, ...problem });
  const usable =
    catalogue.products.length > 0 && (problems.length === 0 || settings.keepGoodCatalogueLines);
  const pictureFolder = own === null ? paths.productPictures : join(dirname(file), 'pictures');
  return { settings, catalogue, pictureFolder, demo, fault: usable ? null : 'catalogue' };
}

/** The demo shop's own: nothing of it hangs on a cable, and nothing is asked elsewhere. */
const demoSettings = JSON.stringify({
  camera: { kind: 'tray' },
  terminal: { kind: 'demo' },
  recogniser: { kind: 'engine' },
});

/** What the command line sets of the devices. */
function overridesOf(options: Options): DeviceOverrides {
  const { camera, device, seed, terminal, terminalAnswerMs } = options;
  return {
    camera: { kind: camera, device, seed },
    terminal: { behaviour: terminal, answerMs: terminalAnswerMs },
  };
}

function emptyCatalogue(settings: KioskSettings): Catalogue {
  return { currency: settings.store.currency, products: [] };
}

async function readOrNull(file: string, log: Log): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    log.error('settings-unreadable', { file, error: String(error) });
    // Not there and not readable differ: the second must not pass for the demo shop.
    return '';
  }
}
