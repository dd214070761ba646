import type { WebContents } from 'electron';
import type { Contract, Send } from '../../shared/contracts/contract.ts';

/** Sends an audience's events to its page; dropped while there is none to hear them. */
export function sendTo<C extends Contract>(
  _contract: C,
  window: () => Pick<WebContents, 'send' | 'isCrashed'> | null,
): Send<C> {
  return (event, payload) => {
    const contents = window();
    if (contents !== null && !contents.isCrashed()) contents.send(event, payload);
  };
}
