import { cp, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEngine } from '../src/engine/engine.ts';
import { defaultModelDir } from '../src/engine/process/model-dir.ts';
import { readCatalogue } from '../src/main/catalogue/read-catalogue.ts';
import { placementSet } from '../src/main/batch-render/placement-set.ts';
import { decide } from '../src/main/recognition/decide.ts';
import { openRecogniser } from '../src/main/recognition/recogniser.ts';
import type { Decision } from '../src/main/recognition/recognition.ts';
import { defaultThresholds } from '../src/main/settings/recognition-settings.ts';
import { strangers } from '../src/shared/demo-products.ts';
import { builtWorkers } from './built-programs.ts';
import type { Figure } from './figure.ts';
import { renderSeed, renderedFolder } from './rendered.ts';

const project = resolve('.runtime', 'demo-project');
const catalogueFile = resolve('assets', 'catalogue', 'demo.csv');

interface Placed {
  readonly thingId: string;
  readonly use: 'sold' | 'train' | 'test';
  /** Null where the tray did not see it. */
  readonly decision: Decision | null;
}

/**
 * Random placements on the virtual tray, by the kiosk's own way: the tray's region, its crop, the
 * SDK, the engine over HTTP with the demo shop's project, and `decide` with the default thresholds.
 */
export async function benchDemoShop(): Promise<readonly Figure[]> {
  const pictures = await renderedFolder('placements');
  const placed = await decideAll(pictures);
  const sold = placed.filter(({ use }) => use === 'sold');
  const accepted = sold.filter(({ decision }) => decision?.kind === 'accept');
  const right = accepted.filter(({ thingId, decision }) => productOf(decision) === thingId);
  const asked = sold.filter(
    ({ thingId, decision }) =>
      decision?.kind === 'ask' && decision.candidates[0]?.productId === thingId,
  );
  const note = `${sold.length} placements of products, every other one beside others`;
  const share = (name: string, some: readonly Placed[]): Figure => ({
    name: `demo shop ${name}`,
    value: Math.round((some.length / sold.length) * 10_000) / 100,
    unit: '%',
    note,
  });
  const strange = (use: 'train' | 'test', of: string): Figure => {
    // What the tray did not see was not refused by recognition: it does not count.
    const all = placed.filter((one) => one.use === use && one.decision !== null);
    return {
      name: `demo shop strangers accepted, ${use}`,
      value: all.filter(({ decision }) => decision?.kind === 'accept').length,
      unit: 'count',
      note: `${all.length} placements of things ${of}`,
    };
  };
  return [
    share('accepted right', right),
    share('asked with the right one first', asked),
    share(
      'accepted wrong',
      accepted.filter((one) => !right.includes(one)),
    ),
    share(
      'not seen by the tray',
      sold.filter(({ decision }) => decision === null),
    ),
    strange('test', 'that were never trained on'),
    strange('train', 'that were trained on as negatives'),
  ];
}

async function decideAll(pictures: string): Promise<readonly Placed[]> {
  const folder = await mkdtemp(join(tmpdir(), 'freshlane-demo-shop-'));
  const dataDir = join(folder, 'engine');
  await cp(project, dataDir, { recursive: true });
  const modelDir = defaultModelDir(import.meta.url);
  const engine = await startEngine({ dataDir, modelDir, port: 0, ...builtWorkers });
  const { catalogue } = await readCatalogue(catalogueFile, 'EUR');
  const recogniser = openRecogniser({
    first: {
      predictionEndpoint: engine.endpoint,
      predictionKey: engine.predictionKey,
      projectId: engine.projects[0]?.id ?? '',
      modelName: 'demo',
    },
    second: null,
    keepPictures: false,
    deadlineMs: 5000,
    thresholds: defaultThresholds,
  });
  try {
    const taken = new Set(await readdir(pictures, { recursive: true }));
    const placed: Placed[] = [];
    for (const { folder: thingId, pose } of placementSet(renderSeed)) {
      const use = strangers.find(({ id }) => id === thingId)?.use ?? 'sold';
      const file = join(thingId, `${pose.seed}.jpg`);
      if (!taken.has(file)) {
        placed.push({ thingId, use, decision: null });
        continue;
      }
      const result = await recogniser.recognise(await readFile(join(pictures, file)));
      if (result.kind !== 'recognised') throw new Error(result.message);
      const decision = decide(result.predictions, catalogue, defaultThresholds);
      placed.push({ thingId, use, decision });
    }
    return placed;
  } finally {
    recogniser.close();
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function productOf(decision: Decision | null): string | null {
  return decision?.kind === 'accept' ? decision.productId : null;
}
