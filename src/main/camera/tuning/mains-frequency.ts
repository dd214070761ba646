import type { MainsHz } from '../../../shared/camera-tuning.ts';

/**
 * ISO 3166 countries with a mains of 60 Hz; all others have 50 (IEC, “World plugs”). Territories
 * follow their own grid, not their state's.
 */
const with60Hz: ReadonlySet<string> = new Set([
  // North and Central America.
  ...['US', 'CA', 'MX', 'BM', 'BZ', 'CR', 'SV', 'GT', 'HN', 'NI', 'PA'],
  // The Caribbean.
  ...['AG', 'AI', 'AW', 'BS', 'CU', 'DO', 'HT', 'KN', 'KY', 'MF', 'MS', 'PR', 'SX', 'TC', 'TT'],
  ...['VG', 'VI'],
  // South America.
  ...['BR', 'CO', 'EC', 'GY', 'PE', 'SR', 'VE'],
  // Asia.
  ...['KP', 'KR', 'PH', 'SA', 'TW'],
  // The Pacific.
  ...['AS', 'FM', 'GU', 'MH', 'MP', 'PF', 'PW', 'UM'],
]);

/** East and west, or from island to island, both: Japan, Bonaire with Saba and Statia, Liberia. */
const withBoth: ReadonlySet<string> = new Set(['JP', 'BQ', 'LR']);

/** What a country's lamps flicker by; null where it has both. */
export function mainsHzOf(region: string): MainsHz {
  if (withBoth.has(region)) return null;
  return with60Hz.has(region) ? 60 : 50;
}
