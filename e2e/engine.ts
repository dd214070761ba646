import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { cleanEnvironment, projectFolder } from './kiosk.ts';

export interface EngineReady {
  readonly endpoint: string;
  readonly predictionKey: string;
  readonly trainingKey: string;
  readonly projects: readonly { readonly id: string; readonly publishedNames: readonly string[] }[];
}

/** The engine as a server in the store: a Node program of its own. */
export interface Engine {
  readonly ready: EngineReady;
  readonly kill: () => Promise<void>;
}

const command = (name: string) => join(projectFolder, 'out', 'main', `${name}.js`);

/** Starts the engine on a data folder; resolves when it answers. Port 0 is any that is free. */
export async function serveEngine(data: string, port = 0): Promise<Engine> {
  const child = spawn(
    process.execPath,
    [command('engine'), 'serve', '--data', data, '--port', `${port}`, '--threads', '1'],
    { env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ready = await new Promise<EngineReady>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) =>
      resolve(JSON.parse(line) as EngineReady),
    );
    child.once('exit', (code) => reject(new Error(`The engine ended with ${code}.`)));
  });
  return { ready, kill: () => kill(child) };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Writes the lab's client's own configuration for a running engine; `more` goes over it. */
export function writeConfig(
  file: string,
  { endpoint, predictionKey, projects }: EngineReady,
  more: Readonly<Record<string, string | number>> = {},
): string {
  const [project] = projects;
  const settings = {
    PredictionEndpoint: endpoint,
    PredictionKey: predictionKey,
    ProjectID: project?.id ?? '',
    ModelName: project?.publishedNames[0] ?? '',
    ...more,
  };
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  return file;
}

/** Runs `engine` or `classify` to its end. */
export async function runCommand(
  name: 'engine' | 'classify',
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const child = spawn(process.execPath, [command(name), ...args], {
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[code], out, err] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, out, err };
}
