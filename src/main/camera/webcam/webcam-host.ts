import { startCapture } from './capture.ts';
import type { HostReply, HostRequest } from './host-messages.ts';
import type { RunningProgram } from './program.ts';

/**
 * A process that does nothing but start the camera's program. Starting one copies the page tables
 * of whoever starts it (3 ms for a small process, 100 ms for one of 800 MB), so main does not.
 */
const running = new Map<number, RunningProgram>();

function receive(request: HostRequest, reply: (message: HostReply) => void): void {
  const { id } = request;
  if (request.kind === 'stop') {
    running.get(id)?.stop();
    return;
  }
  const program = startCapture(request.settings, request.path, request.limits);
  running.set(id, program);
  reply({ kind: 'started', id, pid: program.pid });
  void program.ended.then((end) => {
    running.delete(id);
    reply({ kind: 'ended', id, end });
  });
}

// A utility process of Electron has a parentPort, a child of plain Node has process.send.
const port = process.parentPort as typeof process.parentPort | undefined;
if (port === undefined) {
  process.on('message', (request: HostRequest) => {
    receive(request, (message) => process.send?.(message));
  });
  process.on('disconnect', () => {
    for (const program of running.values()) program.stop();
    process.exit();
  });
} else {
  port.on('message', ({ data }: { data: HostRequest }) => {
    receive(data, (message) => port.postMessage(message));
  });
}
