import type { z } from 'zod';

/** How a device is. What staff can do about it is said in one sentence. */
export type DeviceCondition =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready'; readonly label: string }
  /** It serves, but not as it should. */
  | { readonly kind: 'degraded'; readonly code: string; readonly advice: string }
  /** Its driver tries by itself to have it back. */
  | { readonly kind: 'lost'; readonly code: string; readonly advice: string };

/** A condition, and since when in ms of `Date.now()`. */
export type DeviceStatus = DeviceCondition & { readonly sinceMs: number };

/** Something that the till works with and that may fail. */
export interface Device {
  readonly status: () => DeviceStatus;
  /** Called back at each change; the answer ends it. */
  readonly onStatus: (listener: (status: DeviceStatus) => void) => () => void;
  /** One real exchange with it, for whoever sets it up or looks for a fault. Never rejects. */
  readonly test: () => Promise<TestResult>;
  /** Resolves when all that it held is free again. */
  readonly stop: () => Promise<void>;
}

export type TestResult =
  | { readonly kind: 'passed'; readonly detail: string; readonly tookMs: number }
  | { readonly kind: 'failed'; readonly message: string };

/** Something of a driver's kind that is attached to this machine. */
export interface FoundDevice {
  /** What the driver's settings call it. */
  readonly id: string;
  /** As it calls itself. */
  readonly label: string;
}

/**
 * How devices of one make are driven; `Context` is what the app gives to all drivers of the place. Only
 * the description is loaded with the app; `open` loads what it drives with.
 */
export interface Driver<Settings extends z.ZodObject, Context, Opened extends Device> {
  /** As staff read it. */
  readonly title: string;
  /** Its own settings, without the kind, which is its name in the place's table. */
  readonly settings: Settings;
  readonly open: (settings: z.output<Settings>, context: Context) => Promise<Opened>;
  /** What is attached here; none where the driver cannot tell. */
  readonly probe: () => Promise<readonly FoundDevice[]>;
}
