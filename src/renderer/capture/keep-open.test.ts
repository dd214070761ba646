import { beforeEach, describe, expect, test } from 'vitest';
import type { CameraWish, CaptureFailure } from '../../shared/capture-live.ts';
import { manualTimers } from '../../shared/testing/manual-timers.ts';
import { asTaken } from '../../shared/orientation.ts';
import { keepCameraOpen } from './keep-open.ts';
import type { KeepOpenParts, KeptCamera } from './keep-open.ts';

/** The cameras of a pretended computer, and a clock that is turned by hand. */
class Computer extends EventTarget {
  cameras: { id: string; label: string }[] = [];
  /** Set: opening fails with this name; `null` opens; 'hang' never answers. */
  trouble: string | null = null;
  readonly tracks: Track[] = [];
  readonly asked: MediaStreamConstraints[] = [];
  readonly late: ((stream: MediaStream) => void)[] = [];

  private readonly clock = manualTimers();

  readonly parts: KeepOpenParts = {
    mediaDevices: {
      addEventListener: this.addEventListener.bind(this),
      enumerateDevices: async () =>
        [{ kind: 'audioinput', deviceId: 'mic', label: 'Microphone' }, ...this.listed()].map(
          (device) => device as MediaDeviceInfo,
        ),
      getUserMedia: (constraints = {}) => {
        this.asked.push(constraints);
        if (this.trouble === 'hang') return new Promise((resolve) => this.late.push(resolve));
        if (this.trouble !== null) {
          return Promise.reject(new DOMException('as pretended', this.trouble));
        }
        return Promise.resolve(this.stream());
      },
    },
    timers: this.clock,
  };

  stream(): MediaStream {
    const track = new Track();
    this.tracks.push(track);
    return { getVideoTracks: () => [track] } as unknown as MediaStream;
  }

  /** Runs what falls due in this time, and lets everything settle that follows from it. */
  async pass(forMs: number): Promise<void> {
    await settle();
    this.clock.pass(forMs);
    await settle();
  }

  async changeDevices(cameras: { id: string; label: string }[]): Promise<void> {
    this.cameras = cameras;
    this.dispatchEvent(new Event('devicechange'));
    await settle();
  }

  private listed() {
    return this.cameras.map(({ id, label }) => ({ kind: 'videoinput', deviceId: id, label }));
  }
}

class Track extends EventTarget {
  isStopped = false;
  stop(): void {
    this.isStopped = true;
  }
}

/** Promises chained on promises need a few turns; no time passes in them. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

const lid = { id: 'id-lid', label: 'Lid camera' };
const tray = { id: 'id-tray', label: 'Tray camera (046d:082d)' };
const wish: CameraWish = {
  device: null,
  width: 640,
  height: 480,
  framesPerSecond: 30,
  orientation: asTaken,
};

let computer: Computer;
let camera: KeptCamera;
let said: string[];
let lists: (readonly { id: string }[])[];

beforeEach(() => {
  computer = new Computer();
  said = [];
  lists = [];
  camera = keepCameraOpen(computer.parts, {
    devices: (devices) => lists.push(devices),
    opened: () => said.push('opened'),
    lost: ({ name }: CaptureFailure) => said.push(name),
  });
});

async function open(device: string | null = null): Promise<void> {
  camera.open({ ...wish, device });
  await settle();
}

describe('choosing', () => {
  const idAsked = () => {
    const video = computer.asked.at(-1)?.video;
    return typeof video === 'object' ? video.deviceId : 'none';
  };

  test.each([
    ['id-tray', { exact: 'id-tray' }],
    ['Tray camera (046d:082d)', { exact: 'id-tray' }],
    ['Tray camera', { exact: 'id-tray' }],
    [null, undefined],
  ])('%s', async (device, asked) => {
    computer.cameras = [lid, tray];
    await open(device);
    expect(said).toEqual(['opened']);
    expect(idAsked()).toEqual(asked);
  });

  test('a camera that is not there is not replaced by another', async () => {
    computer.cameras = [lid];
    await open('Tray camera');
    expect(said).toEqual(['NotFoundError']);
    expect(computer.asked).toEqual([]);
  });

  test('changing the camera closes the one before', async () => {
    computer.cameras = [lid, tray];
    await open('id-lid');
    await open('id-tray');
    expect(computer.tracks.map((track) => track.isStopped)).toEqual([true, false]);
    expect(said).toEqual(['opened', 'opened']);
  });

  test('only the last of several wishes made at once is kept open', async () => {
    computer.cameras = [lid, tray];
    camera.open({ ...wish, device: 'id-lid' });
    camera.open({ ...wish, device: 'id-tray' });
    await settle();
    expect(said).toEqual(['opened']);
    expect(idAsked()).toEqual({ exact: 'id-tray' });
    expect(computer.tracks.filter((track) => !track.isStopped)).toHaveLength(1);
  });

  test('the cameras are told, microphones are not', async () => {
    computer.cameras = [lid, tray];
    await open();
    expect(lists.at(-1)).toEqual([lid, tray]);
  });
});

describe('losing', () => {
  test('without a camera at the start, plugging one in is enough', async () => {
    await open();
    expect(said).toEqual(['NotFoundError']);
    await computer.changeDevices([tray]);
    expect(said).toEqual(['NotFoundError', 'opened']);
  });

  test('unplugged and plugged in again', async () => {
    computer.cameras = [tray];
    await open('id-tray');
    computer.cameras = [];
    computer.tracks[0]?.dispatchEvent(new Event('ended'));
    expect(said).toEqual(['opened', 'EndedError']);
    await computer.changeDevices([lid]);
    expect(said.at(-1)).toBe('NotFoundError');
    await computer.changeDevices([lid, tray]);
    expect(said.at(-1)).toBe('opened');
  });

  test.each(['NotReadableError', 'NotAllowedError', 'AbortError'])(
    '%s is tried again until it opens',
    async (trouble) => {
      computer.cameras = [tray];
      computer.trouble = trouble;
      await open();
      await computer.pass(300);
      await computer.pass(600);
      expect(said).toEqual([trouble, trouble, trouble]);
      computer.trouble = null;
      await computer.pass(1100);
      expect(said.at(-1)).toBe('opened');
    },
  );

  test('it is tried ever more slowly, but never less than every 5 seconds', async () => {
    computer.cameras = [tray];
    computer.trouble = 'NotReadableError';
    await open();
    for (let time = 0; time < 40; time++) await computer.pass(250);
    const after10s = said.length;
    for (let time = 0; time < 40; time++) await computer.pass(250);
    expect(after10s).toBeLessThanOrEqual(6);
    expect(said.length - after10s).toBe(2);
  });

  test('a camera that does not answer is given up, and closed if it opens after all', async () => {
    computer.cameras = [tray];
    computer.trouble = 'hang';
    await open();
    await computer.pass(10_000);
    expect(said).toEqual(['TimeoutError']);
    computer.late[0]?.(computer.stream());
    await settle();
    expect(said).toEqual(['TimeoutError']);
    expect(computer.tracks[0]?.isStopped).toBe(true);
  });

  test('a device that comes while another is opening does not open two', async () => {
    computer.cameras = [tray];
    computer.trouble = 'hang';
    await open();
    computer.trouble = null;
    await computer.changeDevices([tray, lid]);
    computer.late[0]?.(computer.stream());
    await settle();
    expect(said).toEqual(['opened']);
    expect(computer.tracks.filter((track) => !track.isStopped)).toHaveLength(1);
  });

  test('one that stalls each time it was opened is opened ever more slowly', async () => {
    computer.cameras = [tray];
    await open();
    const stall = { name: 'TimeoutError', message: 'no pictures' };
    camera.fail(stall);
    await computer.pass(250);
    camera.fail(stall);
    await computer.pass(250);
    expect(computer.tracks).toHaveLength(2);
    await computer.pass(250);
    expect(computer.tracks).toHaveLength(3);
  });

  test('one that stalls after it was well for long is opened soon again', async () => {
    computer.cameras = [tray];
    await open();
    for (let time = 0; time < 3; time++) {
      await computer.pass(10_000);
      camera.fail({ name: 'TimeoutError', message: 'no pictures' });
      await computer.pass(250);
    }
    expect(computer.tracks).toHaveLength(4);
  });

  test('a stalled camera is closed and opened again', async () => {
    computer.cameras = [tray];
    await open();
    camera.fail({ name: 'TimeoutError', message: 'no pictures' });
    expect(computer.tracks[0]?.isStopped).toBe(true);
    await computer.pass(300);
    expect(said).toEqual(['opened', 'TimeoutError', 'opened']);
  });

  test('the end of a track that was closed on purpose is no loss', async () => {
    computer.cameras = [lid, tray];
    await open('id-lid');
    await open('id-tray');
    computer.tracks[0]?.dispatchEvent(new Event('ended'));
    expect(said).toEqual(['opened', 'opened']);
  });
});
