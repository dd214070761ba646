import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { serveEngine, writeConfig } from './engine.ts';
import type { Engine } from './engine.ts';
import { projectFolder } from './kiosk.ts';

/**
 * A shop that is not the demo: its catalogue with pictures, and an engine on the network, in that
 * folder. It is so careful that it asks about everything. The virtual tray is its camera.
 */
export async function openCarefulShop(
  folder: string,
): Promise<{ readonly engine: Engine; readonly engineData: string; readonly args: string[] }> {
  const catalogue = join(folder, 'shop', 'catalogue.csv');
  mkdirSync(join(folder, 'shop'));
  cpSync(join(projectFolder, 'assets/catalogue/demo.csv'), catalogue);
  cpSync(join(projectFolder, 'assets/products'), join(folder, 'shop', 'pictures'), {
    recursive: true,
  });
  const engineData = join(folder, 'engine');
  cpSync(join(projectFolder, '.runtime/demo-project'), engineData, { recursive: true });
  const engine = await serveEngine(engineData);
  const config = writeConfig(join(folder, 'lab.env'), engine.ready, {
    AcceptProbability: 1,
    AcceptGap: 1,
    AskProbability: 0.001,
  });
  return {
    engine,
    engineData,
    args: ['--camera=tray', '--seed=7', `--config=${config}`, `--catalogue=${catalogue}`],
  };
}
