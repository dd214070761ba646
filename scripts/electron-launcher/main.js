// Electron's release loads the app folder named on its command line by a default_app.asar. The
// Electron that npm carries has none; this stands in for it, so that both start alike.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const named = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (named === undefined) {
  process.stderr.write('Name the folder of an app: electron FOLDER [--options]\n');
  process.exit(1);
}

const appDir = path.resolve(named);
const manifest = JSON.parse(readFileSync(path.join(appDir, 'package.json'), 'utf8'));
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
app.setName(manifest.productName ?? manifest.name);
// Electron keeps these two for its own default_app, outside of its types.
Reflect.get(app, 'setVersion').call(app, manifest.version);
Reflect.get(app, 'setAppPath').call(app, appDir);
await import(pathToFileURL(path.join(appDir, manifest.main)).href);
