import { z } from 'zod';
import { trayCorners } from '../../settings/tray-corners.ts';

/** How a camera hangs over its tray, whatever its make. */
export const mounting = {
  /** Degrees clockwise by which its picture must be turned to be upright. */
  turned: z.literal([0, 90, 180, 270], { error: 'is not 0, 90, 180 or 270 degrees' }).default(0),
  /** Whether the turned picture must be mirrored left to right, as one seen in a mirror. */
  mirrored: z.boolean().default(false),
  /** The tray's four corners in the upright picture; nothing counts outside of them. */
  tray: trayCorners.nullable().default(null),
};
