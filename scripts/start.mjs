import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { hasDisplay, withDisplay } from './display.mjs';
import { runApp } from './electron.mjs';
import { runScript, say } from './progress.mjs';
import { inProject, isMain } from './project.mjs';
import { setupApp } from './setup.mjs';

/**
 * What the app gets: what was asked for, in the demo shop where no shop is named, and where
 * nobody can look the demo sale with pictures of its screens.
 * @param {readonly string[]} asked
 * @param {boolean} visible whether there is a display
 * @param {string} picturesDir
 * @returns {string[]}
 */
export function argumentsFor(asked, visible, picturesDir) {
  if (visible || asked.length > 0) return [...asked];
  return ['--demo-sale', '--pictures', picturesDir];
}

async function start() {
  const asked = process.argv.slice(2);
  const visible = hasDisplay();
  const webcam = asked.includes('--camera=webcam');
  await setupApp({ forWhat: 'start', webcam });

  const picturesDir = inProject('test-results', 'demo-sale');
  const args = argumentsFor(asked, visible, picturesDir);
  if (!visible) say('No display here: the kiosk runs on a virtual one.');
  const playsDemo = args.length > asked.length;
  if (playsDemo) {
    mkdirSync(picturesDir, { recursive: true });
    say('It plays one demo sale and ends.');
  }
  const status = await withDisplay((env) => runApp(args, env));
  if (playsDemo)
    say(`Pictures of its screens are in ${path.relative(process.cwd(), picturesDir)}.`);
  return status;
}

if (isMain(import.meta.url)) await runScript(start);
