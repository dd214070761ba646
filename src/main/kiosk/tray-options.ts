import type { KioskSettings } from '../settings/kiosk-settings.ts';
import type { Corner } from '../settings/tray-corners.ts';
import type { TrayOptions } from '../tray/tray-options.ts';

/** What the settings say of the tray: where it lies in the upright picture. */
export function trayOptionsOf({
  camera,
}: KioskSettings): Partial<TrayOptions> & { readonly corners: readonly Corner[] | null } {
  return { corners: camera.tray };
}
