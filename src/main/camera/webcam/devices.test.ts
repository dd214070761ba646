import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listLinuxCameras } from './devices.ts';

test('cameras are listed by name and in order, without their metadata nodes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'freshlane-sys-'));
  for (const [node, index, name] of [
    ['video10', '0', 'Tray camera'],
    ['video2', '0', 'Lid camera'],
    ['video3', '1', 'Lid camera'],
    ['v4l-subdev0', '0', 'Sensor'],
  ] as const) {
    await mkdir(join(folder, node));
    await writeFile(join(folder, node, 'index'), `${index}\n`);
    await writeFile(join(folder, node, 'name'), `${name}\n`);
  }
  expect(await listLinuxCameras(folder)).toEqual([
    { device: '/dev/video2', label: 'Lid camera' },
    { device: '/dev/video10', label: 'Tray camera' },
  ]);
  await rm(folder, { recursive: true });
  expect(await listLinuxCameras(folder)).toEqual([]);
});
