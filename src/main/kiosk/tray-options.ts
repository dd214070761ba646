import type { KioskSettings } from '../settings/kiosk-settings.ts';
import type { Corner } from '../settings/tray-corners.ts';
import type { TrayOptions } from '../tray/tray-options.ts';

/** What the settings say of the tray: where it lies in the upright picture. */
export function trayOptionsOf({
  camera,
}: KioskSettings): Partial<TrayOptions> & { readonly corners: readonly Corner[] | null } {
  // A program that takes single pictures, and the demo's tray, show things from one to the next.
  const isFilm = camera.kind === 'live';
  return {
    corners: camera.tray,
    suddenIsLight: isFilm,
    // Nor is a hand seen to let go.
    ...(!isFilm && { stillFrozenMs: Number.POSITIVE_INFINITY, restingArmMs: 1500 }),
  };
}
