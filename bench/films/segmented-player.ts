import { join } from 'node:path';

import { createJoinedTray } from '../../src/main/tray/segmented/joined-tray.ts';
import { loadSegmentationModel } from '../../src/main/tray/segmenter/segmentation-model.ts';
import { createTray } from '../../src/main/tray/tray.ts';
import type { Player } from './play-film.ts';

/**
 * Trays whose things the model tells. It runs in this thread, and each picture waits for it: what it
 * tells comes with the next one, as in the kiosk on a machine that keeps up.
 */
export async function openSegmentedPlayers(): Promise<() => Player> {
  const segmenter = await loadSegmentationModel(join('assets', 'models', 'tray.onnx'));
  const onFault = (error: unknown): never => {
    throw error;
  };
  return () => {
    const tray = createJoinedTray({ rules: createTray(), segmenter, onFault });
    return {
      async see(thumb) {
        const events = tray.see(thumb);
        await tray.idle();
        return events;
      },
    };
  };
}
