import type { Clock } from '../../checkout/clock.ts';
import type { PaymentTerminal } from '../../payment/terminal.ts';
import type { Device } from '../device.ts';

/** The card terminal. */
export interface TerminalDevice extends Device {
  readonly terminal: PaymentTerminal;
}

/** What the app gives to a terminal's driver. */
export interface TerminalContext {
  readonly dataFolder: string;
  readonly clock: Clock;
}
