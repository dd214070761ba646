import { join } from 'node:path';
import { startEngineProcess } from '../../../engine-process/engine-process.ts';
import { openRecogniserDevice } from '../recogniser-device.ts';
import type { RecogniserContext, RecogniserDevice, Start } from '../recogniser-device.ts';
import { provideDemoProject } from './demo-project.ts';

/** The name under which set-up publishes the demo project. */
const demoModelName = 'demo';

export function openOwnEngine(context: RecogniserContext): RecogniserDevice {
  return openRecogniserDevice(context, startOwnEngine);
}

const startOwnEngine: Start = (context, opening) => {
  const { paths, dataFolder, log } = context;
  let engine: ReturnType<typeof startEngineProcess> | null = null;
  let endpointOpen: string | null = null;

  const start = async (): Promise<void> => {
    const engineData = join(dataFolder, 'engine');
    await provideDemoProject(paths.demoProject, engineData);
    if (opening.isStopped()) return;
    engine = startEngineProcess({
      entry: paths.engineEntry,
      dataFolder: engineData,
      modelFolder: paths.models,
      logFile: join(dataFolder, 'logs', 'engine.log'),
      log,
      onDown: opening.down,
      onReady: ({ endpoint, predictionKey, projects }) => {
        const project = projects.find((each) => each.publishedNames.includes(demoModelName));
        if (project === undefined) {
          opening.failed('The engine has no project of the demo shop.');
          return;
        }
        // Back on its old port it is found again by the recogniser's own probes, only sooner.
        if (endpoint === endpointOpen && opening.askAgain()) return;
        endpointOpen = endpoint;
        opening
          .openSettings({
            // The environment has no say here: half of another endpoint's settings would slip in.
            explicit: {
              ...judgementOf(context.recognition),
              PredictionEndpoint: endpoint,
              PredictionKey: predictionKey,
              ProjectID: project.id,
              ModelName: demoModelName,
            },
            env: {},
          })
          .catch(opening.failed);
      },
    });
  };

  start().catch(opening.failed);
  return {
    mayLookAhead: true,
    wantsSurroundings: false,
    stop: async () => {
      await engine?.stop();
    },
  };
};

/** In the demo shop only what is made of an answer, and its deadline: the endpoint is its own. */
function judgementOf(recognition: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(recognition).filter(([name]) =>
      ['acceptprobability', 'acceptgap', 'askprobability', 'deadlinems'].includes(
        name.toLowerCase(),
      ),
    ),
  );
}
