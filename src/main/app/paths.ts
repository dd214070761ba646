import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Where the app's own parts lie, in a checkout and in a package. */
export interface Paths {
  readonly renderer: string;
  /** Every window's. */
  readonly preload: string;
  readonly ledgerWorker: URL;
  readonly picturesWorker: URL;
  readonly segmenterWorker: URL;
  readonly webcamHost: string;
  readonly engineEntry: string;
  readonly models: string;
  readonly productPictures: string;
  readonly demoCatalogue: string;
  /** The engine data of the demo shop, as it was trained at set-up. */
  readonly demoProject: string;
}

export interface Roots {
  /** The app's folder; inside a package the archive. */
  readonly app: string;
  /** Set in a package: the folder beside the archive. */
  readonly resources: string | null;
}

export function pathsFrom({ app, resources }: Roots): Paths {
  const inApp = (...parts: readonly string[]) => join(app, ...parts);
  // Threads, utility processes and native code read plain files: a package keeps these outside.
  const unpacked = resources === null ? app : join(resources, 'app.asar.unpacked');
  return {
    renderer: inApp('out', 'renderer'),
    preload: inApp('out', 'preload', 'window.cjs'),
    ledgerWorker: pathToFileURL(inApp('out', 'main', 'ledger-worker.js')),
    picturesWorker: pathToFileURL(inApp('out', 'main', 'pictures-worker.js')),
    segmenterWorker: pathToFileURL(inApp('out', 'main', 'segmenter-worker.js')),
    webcamHost: inApp('out', 'main', 'webcam-host.js'),
    engineEntry: inApp('out', 'main', 'engine-utility.js'),
    models: join(unpacked, 'assets', 'models'),
    productPictures: inApp('assets', 'products'),
    demoCatalogue: inApp('assets', 'catalogue', 'demo.csv'),
    demoProject:
      resources === null ? inApp('.runtime', 'demo-project') : join(resources, 'demo-project'),
  };
}
