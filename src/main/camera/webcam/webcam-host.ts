import { serveCalls } from '../../../shared/calls/serve-calls.ts';
import { startCapture } from './capture.ts';
import type { HostReply, HostRequest, WebcamHost } from './host-messages.ts';
import type { RunningProgram } from './program.ts';

/**
 * A process that does nothing but start the camera's program. Starting one copies the page tables
 * of whoever starts it (3 ms for a small process, 100 ms for one of 800 MB), so main does not.
 */
const running = new Map<string, RunningProgram>();

function serve(
  post: (reply: HostReply) => void,
  on: (receive: (request: HostRequest) => void) => void,
): void {
  serveCalls<WebcamHost, number | null>({
    post,
    on,
    handlers: {
      capture: async ({ settings, path, limits }, tellPid) => {
        const program = startCapture(settings, path, limits);
        running.set(path, program);
        tellPid(program.pid);
        const end = await program.ended;
        running.delete(path);
        return end;
      },
      stop: (path) => {
        running.get(path)?.stop();
        return null;
      },
    },
  });
}

// A utility process of Electron has a parentPort, a child of plain Node has process.send.
const port = process.parentPort as typeof process.parentPort | undefined;
if (port === undefined) {
  serve(
    (reply) => process.send?.(reply),
    (receive) => process.on('message', (request: HostRequest) => receive(request)),
  );
  process.on('disconnect', () => {
    for (const program of running.values()) program.stop();
    process.exit();
  });
} else {
  serve(
    (reply) => port.postMessage(reply),
    (receive) => port.on('message', ({ data }: { data: HostRequest }) => receive(data)),
  );
}
