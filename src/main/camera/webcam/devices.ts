import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface VideoDevice {
  /** What the webcam driver takes as its device. */
  readonly device: string;
  /** As the camera calls itself. */
  readonly label: string;
}

/**
 * The cameras that the Linux kernel knows, in their order. A camera has further nodes for its
 * metadata; those have an index above 0 and give no pictures.
 */
export async function listLinuxCameras(
  folder = '/sys/class/video4linux',
): Promise<readonly VideoDevice[]> {
  const names = await readdir(folder).catch(() => []);
  const nodes = names
    .filter((name) => /^video\d{1,3}$/.test(name))
    .toSorted((a, b) => Number(a.slice(5)) - Number(b.slice(5)));
  const described = await Promise.all(
    nodes.map(async (node) => {
      const text = async (file: string) =>
        (await readFile(join(folder, node, file), 'utf8').catch(() => '')).trim();
      return { node, index: await text('index'), label: await text('name') };
    }),
  );
  return described
    .filter(({ index }) => index === '' || index === '0')
    .map(({ node, label }) => ({ device: `/dev/${node}`, label: label === '' ? node : label }));
}
