import { join } from 'node:path';

import { createJoinedTray } from '../../src/main/tray/segmented/joined-tray.ts';
import { loadSegmentationModel } from '../../src/main/tray/segmenter/segmentation-model.ts';
import type { TrayEvent } from '../../src/main/tray/tray-event.ts';
import { createTray } from '../../src/main/tray/tray.ts';
import type { Player } from './play-film.ts';

/**
 * Trays as the kiosk has them for a live camera. The model runs in this thread, and no picture comes
 * before it has answered the last one, as on a machine that keeps up.
 */
export async function openSegmentedPlayers(): Promise<() => Player> {
  const segmenter = await loadSegmentationModel(join('assets', 'models', 'tray.onnx'));
  const onFault = (error: unknown): never => {
    throw error;
  };
  return () => {
    const tray = createJoinedTray({ rules: createTray(), segmenter, corners: null, onFault });
    return {
      async see(thumb) {
        const events: TrayEvent[] = [];
        tray.see(thumb, (event) => events.push(event));
        await tray.idle();
        return events;
      },
    };
  };
}
