import { fork, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Thumb } from '../../../shared/frame.ts';
import type { Camera, CameraStatus, PreviewFrame } from '../camera.ts';
import { bundleForTests } from '../../testing/bundle-for-tests.ts';
import type { TestBundle } from '../../testing/bundle-for-tests.ts';
import type { HostReply } from './host-messages.ts';
import { inHostProcess } from './host.ts';
import type { WebcamSettings } from './node-webcam.ts';
import { openWebcam } from './webcam.ts';
import type { WebcamOptions } from './webcam.ts';

const hasProgram = spawnSync('fswebcam', ['--version']).error === undefined;
if (!hasProgram) console.log('Skipped: the webcam driver, because fswebcam is not installed.');

let bundle: TestBundle;
let workerUrl: URL;
let folder: string;
let pictureFolder: string;
const open: Camera[] = [];

beforeAll(async () => {
  bundle = await bundleForTests({
    'pictures-worker': 'src/main/camera/pictures-worker.ts',
    'webcam-host': 'src/main/camera/webcam/webcam-host.ts',
  });
  workerUrl = pathToFileURL(join(bundle.folder, 'pictures-worker.mjs'));
});
afterAll(() => bundle.remove());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'freshlane-webcam-test-'));
  pictureFolder = join(folder, 'pictures');
  await mkdir(pictureFolder);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((camera) => camera.stop()));
  await rm(folder, { recursive: true });
});

/** Opens the camera and gathers what it says, with promises for what comes next. */
function watch(options: Partial<WebcamOptions>) {
  const camera = openWebcam({
    device: 'TEST:',
    pictureSources: true,
    workerUrl,
    folders: [pictureFolder],
    retryMs: [20],
    periodMs: 5,
    // Never reached, however busy the machine; what is about a deadline sets its own.
    deadlineMs: 60_000,
    ...options,
  });
  open.push(camera);
  const statuses: CameraStatus[] = [];
  const listeners = new Set<() => void>();
  let newest: { thumb: Thumb; preview: PreviewFrame } | null = null;
  let thumb: Thumb | null = null;
  let frames = 0;
  const tell = () => {
    for (const listener of listeners) listener();
  };
  camera.start({
    status: (status) => {
      statuses.push(status);
      tell();
    },
    thumb: (next) => {
      thumb = next;
      frames += 1;
    },
    preview: (preview) => {
      if (thumb !== null) newest = { thumb, preview };
      tell();
    },
  });
  const until = <T>(find: () => T | null | undefined | false): Promise<T> =>
    new Promise((resolve) => {
      const check = () => {
        const found = find();
        if (found === null || found === undefined || found === false) return;
        listeners.delete(check);
        resolve(found);
      };
      listeners.add(check);
      check();
    });
  return {
    camera,
    statuses,
    frames: () => frames,
    until,
    frame: () => until(() => newest),
    frameWhere: (wanted: (thumb: Thumb) => boolean) =>
      until(() => newest !== null && wanted(newest.thumb) && newest),
    nextLoss: () => {
      const from = statuses.length;
      return until(() => statuses.slice(from).find((status) => status.kind === 'lost'));
    },
    lost: () => until(() => statuses.find((status) => status.kind === 'lost')),
    ready: (from = 0) =>
      until(() => statuses.slice(from).find((status) => status.kind === 'ready')),
  };
}

/** A picture of one colour, put in place as a whole. */
async function putScene(path: string, colour: string, width = 640, height = 480): Promise<void> {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = colour;
  context.fillRect(0, 0, width, height);
  await writeFile(`${path}.new`, canvas.toBuffer('image/jpeg', 90));
  await rename(`${path}.new`, path);
}

/** A program named fswebcam that is found first; `"$out"` in it is the picture's path. */
async function putProgram(script: string): Promise<NodeJS.ProcessEnv> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'fswebcam'), `#!/bin/sh\nfor out in "$@"; do :; done\n${script}\n`);
  await chmod(join(bin, 'fswebcam'), 0o755);
  return { ...process.env, PATH: `${bin}:${process.env['PATH']}` };
}

const mean = (thumb: Thumb) =>
  thumb.grey.reduce((sum, value) => sum + value, 0) / thumb.grey.length;

/** A busy machine takes its time to end and bury a process; the tests wait for it, not by it. */
const patienceMs = 30_000;

/** The process ids that a program wrote as a whole line, once it has. */
async function pidsIn(log: string): Promise<number[]> {
  const lines = await vi.waitFor(async () => {
    const text = await readFile(log, 'utf8');
    expect(text).toContain('\n');
    return text;
  }, patienceMs);
  return (lines.split('\n', 1)[0] ?? '').split(' ').map(Number);
}

/** A process that has ended counts as gone, even where nobody has asked for its end yet. */
function isRunning(pid: number): boolean {
  const asked = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return asked.stdout.trim() !== '' && !asked.stdout.trim().startsWith('Z');
}

describe.runIf(hasProgram)('with fswebcam', () => {
  test('pictures arrive as thumbs and previews, and photos are cut from them', async () => {
    const seen = watch({ device: 'TEST:' });
    const { thumb, preview } = await seen.frame();
    expect(seen.statuses).toEqual([{ kind: 'starting' }, { kind: 'ready', label: 'TEST:' }]);
    expect([thumb.width, thumb.height]).toEqual([160, 120]);
    // Colour bars: white on the left, and neither flat nor black.
    expect(thumb.grey[5]).toBeGreaterThan(150);
    expect(new Set(thumb.grey).size).toBeGreaterThan(6);
    const image = await loadImage(preview.jpeg);
    expect([image.width, image.height]).toEqual([preview.width, preview.height]);

    const photo = await seen.camera.photo({
      region: { left: 0.25, top: 0.25, width: 0.5, height: 0.25 },
      maxSide: 160,
    });
    expect([photo.width, photo.height]).toEqual([160, 60]);
    expect(photo.atMs).toBeGreaterThanOrEqual(thumb.atMs);
    const cut = await loadImage(photo.jpeg);
    expect([cut.width, cut.height]).toEqual([160, 60]);
  });

  test('a camera that hangs on its side gives upright pictures, one after the other', async () => {
    const seen = watch({ orientation: { turned: 270, mirrored: false } });
    const { thumb, preview } = await seen.frame();
    expect([thumb.width, thumb.height]).toEqual([120, 160]);
    expect([preview.width, preview.height]).toEqual([480, 640]);
    const photo = await seen.camera.photo({ maxSide: 320 });
    expect([photo.width, photo.height]).toEqual([240, 320]);
    await seen.until(() => seen.frames() >= 3);
    expect(seen.statuses.map(({ kind }) => kind)).toEqual(['starting', 'ready']);
  });

  test('a changed scene shows', async () => {
    const scene = join(folder, 'scene.jpg');
    await putScene(scene, '#303030');
    const seen = watch({ device: `FILE:${scene}` });
    const dark = await seen.frame();
    expect(mean(dark.thumb)).toBeLessThan(60);
    await putScene(scene, '#d0d0d0', 1280, 720);
    const light = await seen.frameWhere((thumb) => mean(thumb) > 190);
    expect([light.thumb.width, light.thumb.height]).toEqual([160, 90]);
    expect([light.preview.width, light.preview.height]).toEqual([1280, 720]);
  });

  test('a camera that goes is lost, and comes back without a restart', async () => {
    const scene = join(folder, 'scene.jpg');
    await putScene(scene, '#808080');
    const seen = watch({ device: `FILE:${scene}` });
    await seen.frame();
    const loss = seen.nextLoss();
    await rename(scene, `${scene}.away`);
    expect(await loss).toMatchObject({ kind: 'lost', fault: 'no-camera' });
    await expect(seen.camera.photo({ maxSide: 64 })).rejects.toMatchObject({ fault: 'no-camera' });
    const back = seen.ready(seen.statuses.length);
    await rename(`${scene}.away`, scene);
    await back;
    await expect(seen.camera.photo({ maxSide: 64 })).resolves.toMatchObject({ width: 64 });
    // It was said once, however often it was tried.
    expect(seen.statuses.map((status) => status.kind)).toEqual([
      'starting',
      'ready',
      'lost',
      'ready',
    ]);
  });

  test('a missing camera, and a file that is no picture, are told apart', async () => {
    const missing = watch({ device: '/dev/video99' });
    expect(await missing.lost()).toMatchObject({ fault: 'no-camera' });
    const text = join(folder, 'text.jpg');
    await writeFile(text, 'no picture');
    const broken = watch({ device: `FILE:${text}` });
    expect((await broken.lost()).kind).toBe('lost');
  });

  test('nothing is left behind', async () => {
    const seen = watch({ device: 'TEST:' });
    await seen.frame();
    expect(readdirSync(pictureFolder)).toHaveLength(1);
    await seen.camera.stop();
    expect(readdirSync(pictureFolder)).toEqual([]);
    const frames = seen.frames();
    await seen.camera.stop();
    expect(seen.frames()).toBe(frames);
  });

  test('each picture has a name of its own and is deleted once it is read', async () => {
    const log = join(folder, 'names');
    const environment = await putProgram(
      `echo "$out" >> ${log}; ls "$(dirname "$out")" | wc -l >> ${log}.left; exec /usr/bin/env PATH='${process.env['PATH']}' fswebcam "$@"`,
    );
    const seen = watch({ environment });
    await seen.until(() => seen.frames() >= 3);
    await seen.camera.stop();
    const names = (await readFile(log, 'utf8')).trim().split('\n');
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/\/freshlane-webcam-\d+-\w+\/\w+\.jpg$/);
    const left = (await readFile(`${log}.left`, 'utf8')).trim().split(/\s+/);
    expect(new Set(left)).toEqual(new Set(['0']));
  });
});

test('without the program, that is what is said', async () => {
  const empty = join(folder, 'empty');
  await mkdir(empty);
  const seen = watch({ environment: { PATH: empty } });
  expect(await seen.lost()).toMatchObject({
    fault: 'no-program',
    advice: expect.stringContaining('fswebcam'),
  });
});

test('no camera at all is no fault of the program', async () => {
  const seen = watch({ device: null, platform: 'linux' });
  const status = await seen.until(() => seen.statuses.find((one) => one.kind !== 'starting'));
  // A machine that runs this test may have a camera.
  if (!existsSync('/sys/class/video4linux/video0')) {
    expect(status).toMatchObject({ kind: 'lost', fault: 'no-camera' });
  }
});

test('a program that hangs is ended at the deadline, with all that it started', async () => {
  const log = join(folder, 'pids');
  const environment = await putProgram(
    `trap '' TERM INT HUP; sleep 1000 & echo $$ $! >> ${log}; sleep 1000; sleep 1000`,
  );
  // It is tried again until one of its programs came as far as to start another.
  const seen = watch({ environment, deadlineMs: 400 });
  const pids = await pidsIn(log);
  expect(pids).toHaveLength(2);
  expect(await seen.lost()).toMatchObject({ fault: 'timeout' });
  await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), patienceMs);
});

test('one that leaves the group and keeps the pipes does not hold anything up', async () => {
  const log = join(folder, 'pid');
  // It ends only once the other is out of the group, and so out of reach.
  const environment = await putProgram(
    `setsid sh -c 'echo $$ > ${log}; exec sleep 1000' & until [ -s ${log} ]; do sleep 0.02; done`,
  );
  const seen = watch({ environment, retryMs: [60_000] });
  expect(await seen.lost()).toMatchObject({ fault: 'broken-picture' });
  const [pid = 0] = await pidsIn(log);
  expect(isRunning(pid)).toBe(true);
  process.kill(pid, 'SIGKILL');
});

test('what a program leaves running when it ends is ended too', async () => {
  const log = join(folder, 'pid');
  const environment = await putProgram(`sleep 1000 & echo $! > ${log}`);
  const seen = watch({ environment, retryMs: [60_000] });
  expect(await seen.lost()).toMatchObject({ fault: 'broken-picture' });
  const pid = Number(await readFile(log, 'utf8'));
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), patienceMs);
});

test('stopping in the middle of a capture ends it', async () => {
  const log = join(folder, 'pid');
  const environment = await putProgram(`echo $$ > ${log}.new; mv ${log}.new ${log}; sleep 1000`);
  const seen = watch({ environment });
  await vi.waitFor(() => expect(existsSync(log)).toBe(true), patienceMs);
  const refused = expect(seen.camera.photo({ maxSide: 64 })).rejects.toMatchObject({
    name: 'CameraError',
  });
  await seen.camera.stop();
  await refused;
  const pid = Number(await readFile(log, 'utf8'));
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), patienceMs);
  expect(readdirSync(pictureFolder)).toEqual([]);
});

test.each([
  ['no file', 'true', 'broken-picture'],
  ['0 bytes', ': > "$out"', 'broken-picture'],
  ['text', 'echo no picture > "$out"', 'broken-picture'],
  ['a cut picture', 'head -c 500 "$SCENE" > "$out"', 'broken-picture'],
  ['a picture, but a failure', 'cp "$SCENE" "$out"; exit 3', 'broken-picture'],
  ['a busy device', 'echo "VIDIOC_STREAMON: Device or resource busy" >&2', 'busy'],
  ['no permission', 'echo "open: Permission denied" >&2', 'no-permission'],
])('a program that leaves %s', async (_name, script, fault) => {
  const scene = join(folder, 'scene.jpg');
  await putScene(scene, '#808080');
  const environment = { ...(await putProgram(script)), SCENE: scene };
  const seen = watch({ environment });
  expect(await seen.lost()).toMatchObject({ fault });
  expect(seen.frames()).toBe(0);
});

test('a size that changes under way is a broken picture', async () => {
  const first = join(folder, 'first.jpg');
  const second = join(folder, 'second.jpg');
  await putScene(first, '#808080');
  await putScene(second, '#808080', 320, 240);
  const done = join(folder, 'done');
  const environment = await putProgram(
    `if [ -e ${done} ]; then cp ${second} "$out"; else touch ${done}; cp ${first} "$out"; fi`,
  );
  const seen = watch({ environment, retryMs: [60_000] });
  expect(await seen.lost()).toMatchObject({ fault: 'broken-picture' });
  expect(seen.frames()).toBe(1);
});

test('one capture runs at a time', async () => {
  const scene = join(folder, 'scene.jpg');
  await putScene(scene, '#808080');
  const lock = join(folder, 'lock');
  const clash = join(folder, 'clash');
  const environment = await putProgram(
    `mkdir ${lock} || touch ${clash}; cp ${scene} "$out"; rmdir ${lock}`,
  );
  const seen = watch({ environment, freshMs: 0 });
  await seen.frame();
  await Promise.all([1, 2, 3, 4].map(() => seen.camera.photo({ maxSide: 64 })));
  await seen.camera.stop();
  expect(existsSync(clash)).toBe(false);
});

test('nothing that is no device reaches a program', async () => {
  const ran = join(folder, 'ran');
  const environment = await putProgram(`echo "$@" >> ${ran}`);
  const piece = fc.constantFrom(
    'TEST:',
    'FILE:/a.jpg',
    '/dev/video0',
    ' --exec id',
    '; touch x',
    '$(touch x)',
    '`id`',
    '\n',
    "'",
    '"',
    '|',
    '&',
    '%Y',
    '../',
    '-D 9',
    '\\',
    '\0',
  );
  const text = fc.array(piece, { minLength: 2, maxLength: 5 }).map((pieces) => pieces.join(''));
  await fc.assert(
    fc.asyncProperty(fc.oneof(text, fc.string({ unit: 'binary' })), async (device) => {
      const seen = watch({ device, environment, retryMs: [60_000] });
      expect(await seen.lost()).toMatchObject({ fault: 'no-camera' });
      await seen.camera.stop();
    }),
    { numRuns: 20 },
  );
  expect(existsSync(ran)).toBe(false);
});

test('a folder whose path a shell or fswebcam would read otherwise is not used', async () => {
  const ran = join(folder, 'ran');
  const environment = await putProgram(`echo "$@" >> ${ran}`);
  for (const name of ['a b', '%Y', '$(touch x)', 'a;b', "a'b", 'ü']) {
    const path = join(folder, name);
    await mkdir(path);
    const seen = watch({ environment, folders: [path], retryMs: [60_000] });
    expect(await seen.lost()).toMatchObject({ fault: 'no-permission' });
    await seen.camera.stop();
  }
  expect(existsSync(ran)).toBe(false);
});

describe('in a host process', () => {
  /** Its hosts, and the programs that they told of: a host of an earlier test may still speak. */
  function openHosts() {
    const hosts: ChildProcess[] = [];
    const started: number[] = [];
    const starter = inHostProcess(() => {
      const host = fork(join(bundle.folder, 'webcam-host.mjs'));
      hosts.push(host);
      return {
        send: (request) => void (host.connected && host.send(request)),
        onReply: (listener) =>
          host.on('message', (reply: HostReply) => {
            listener(reply);
            if (reply.kind === 'progress' && reply.progress !== null) started.push(reply.progress);
          }),
        onExit: (listener) => host.on('exit', listener),
        kill: () => void host.kill('SIGKILL'),
      };
    });
    return { starter, hosts, started };
  }

  test('pictures arrive, and the host ends with the camera', async () => {
    const scene = join(folder, 'scene.jpg');
    await putScene(scene, '#808080');
    const environment = { ...(await putProgram('cp "$SCENE" "$out"')), SCENE: scene };
    const { starter, hosts } = openHosts();
    const seen = watch({ environment, starter });
    await seen.until(() => seen.frames() >= 3);
    expect(hosts).toHaveLength(1);
    const ended = new Promise((resolve) => hosts[0]?.on('exit', resolve));
    await seen.camera.stop();
    await ended;
  });

  test('a program that hangs is ended at the deadline', async () => {
    const log = join(folder, 'pid');
    const environment = await putProgram(`trap '' TERM; echo $$ >> ${log}; sleep 1000; sleep 1000`);
    const seen = watch({ environment, starter: openHosts().starter, deadlineMs: 400 });
    const [pid = 0] = await pidsIn(log);
    expect(await seen.lost()).toMatchObject({ fault: 'timeout' });
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), patienceMs);
  });

  test('when the host dies its program dies with it, and another host goes on', async () => {
    const scene = join(folder, 'scene.jpg');
    await putScene(scene, '#808080');
    const log = join(folder, 'pid');
    const environment = {
      ...(await putProgram(
        `if [ -e ${log} ]; then cp "$SCENE" "$out"; else echo $$ > ${log}.new; mv ${log}.new ${log}; sleep 1000; fi`,
      )),
      SCENE: scene,
    };
    const { starter, hosts, started } = openHosts();
    const seen = watch({ environment, starter });
    await vi.waitFor(() => expect(existsSync(log)).toBe(true), patienceMs);
    await vi.waitFor(() => expect(started).toHaveLength(1), patienceMs);
    hosts[0]?.kill('SIGKILL');
    await seen.frame();
    expect(hosts).toHaveLength(2);
    const first = Number(await readFile(log, 'utf8'));
    await vi.waitFor(() => expect(isRunning(first)).toBe(false), patienceMs);
  });

  test('a program that a host told of after its end was told is ended too', async () => {
    const program = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
    const gone = new Promise((resolve) => program.on('exit', resolve));
    const listeners: { reply?: (reply: HostReply) => void; exit?: () => void } = {};
    const capturing = inHostProcess(() => ({
      send: () => undefined,
      onReply: (listener) => void (listeners.reply = listener),
      onExit: (listener) => void (listeners.exit = listener),
      kill: () => undefined,
    }));
    const settings: WebcamSettings = {
      width: 640,
      height: 480,
      quality: 90,
      output: 'jpeg',
      callbackReturn: 'location',
      saveShots: false,
      verbose: false,
      device: 'TEST:',
      skip: false,
    };
    const limits = { deadlineMs: 60_000, environment: process.env };
    const { ended } = capturing.start(settings, join(folder, 'picture.jpg'), limits);
    listeners.exit?.();
    expect(await ended).toEqual({ kind: 'stopped' });
    listeners.reply?.({ kind: 'progress', id: 1, progress: program.pid ?? null });
    await gone;
  });

  test('a program that is missing is told through the host too', async () => {
    const seen = watch({ environment: { PATH: folder }, starter: openHosts().starter });
    expect(await seen.lost()).toMatchObject({ fault: 'no-program' });
  });
});
