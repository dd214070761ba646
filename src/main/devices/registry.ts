import type { z } from 'zod';
import { cameraPlace } from './camera/camera-place.ts';
import { recogniserPlace } from './recogniser/recogniser-place.ts';
import { scalePlace } from './scale/scale-place.ts';
import { terminalPlace } from './terminal/terminal-place.ts';

/** Every place for a device in the till, each with its drivers and their settings. */
export const places = {
  camera: cameraPlace,
  scale: scalePlace,
  terminal: terminalPlace,
  recogniser: recogniserPlace,
} as const;

type Places = typeof places;

/** What the settings say of each place, under its name; all of it has a default. */
export const deviceSettings = Object.fromEntries(
  Object.entries(places).map(([name, { settings }]) => [name, settings.prefault({})]),
) as { readonly [Name in keyof Places]: z.ZodPrefault<Places[Name]['settings']> };
