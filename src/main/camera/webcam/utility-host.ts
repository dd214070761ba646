import { utilityProcess } from 'electron';
import type { HostReply } from './host-messages.ts';
import type { HostProcess } from './host.ts';

/** The host as Electron's utility process; `file` is the built webcam-host. */
export function startUtilityHost(file: string): HostProcess {
  const host = utilityProcess.fork(file, [], { serviceName: 'Freshlane webcam' });
  return {
    send: (request) => host.postMessage(request),
    onReply: (listener) => host.on('message', (reply: HostReply) => listener(reply)),
    onExit: (listener) => host.on('exit', listener),
    kill: () => void host.kill(),
  };
}
