import { z } from 'zod';
import { trayCorners } from '../settings/tray-corners.ts';

/*
 * What the settings say of each device: the kind names its driver. The registry (registry.ts) has a driver
 * for each kind; the compiler sees to it.
 */

export const cameraKinds = ['live', 'webcam', 'tray'] as const;
export const scaleKinds = ['none', 'tray'] as const;
export const terminalKinds = ['demo'] as const;
export const recogniserKinds = ['engine', 'custom-vision'] as const;

export type CameraKind = (typeof cameraKinds)[number];
export type ScaleKind = (typeof scaleKinds)[number];
export type TerminalKind = (typeof terminalKinds)[number];
export type RecogniserKind = (typeof recogniserKinds)[number];

export const cameraSettings = z.strictObject({
  kind: z.enum(cameraKinds).default('live'),
  device: z.string().max(200).nullable().default(null),
  /** Degrees clockwise by which its picture must be turned to be upright. */
  turned: z.literal([0, 90, 180, 270], { error: 'is not 0, 90, 180 or 270 degrees' }).default(0),
  /** Whether the turned picture must be mirrored left to right, as one seen in a mirror. */
  mirrored: z.boolean().default(false),
  /** The tray's four corners in the upright picture; nothing counts outside of them. */
  tray: trayCorners.nullable().default(null),
  /** Of the shop's lamps; null for what the store's region has. */
  mainsHz: z.literal([50, 60], { error: 'is not 50, 60 or null' }).nullable().default(null),
  /** Whether the camera is asked to keep its exposure once it has found it. */
  fixedExposure: z.boolean().default(true),
});
export type CameraSettings = z.infer<typeof cameraSettings>;

export const terminalSettings = z.strictObject({ kind: z.enum(terminalKinds).default('demo') });
export type TerminalSettings = z.infer<typeof terminalSettings>;
