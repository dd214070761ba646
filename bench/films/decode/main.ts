/** The Electron program that decodes: its page has the decoder, this process has the disk. */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { app, BrowserWindow, protocol } from 'electron';
import { z } from 'zod';
import {
  decodeOrigin,
  decodeResultSchema,
  filmJobSchema,
  framesFile,
  resultFile,
} from './messages.ts';
import type { FilmJob } from './messages.ts';

const folder = __dirname;
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
};

protocol.registerSchemesAsPrivileged([
  // WebCodecs is for secure pages alone.
  { scheme: 'film', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

async function decodeAll(): Promise<void> {
  const text = await readFile(join(folder, 'jobs.json'), 'utf8');
  const jobs = z.array(filmJobSchema).parse(JSON.parse(text));
  await app.whenReady();
  await new Promise<void>((done, fail) => {
    protocol.handle('film', async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === '/done') {
        done();
        return new Response();
      }
      const [, root, id, end] = pathname.split('/');
      if (root !== 'films') return page(pathname);
      if (id === undefined) return Response.json(jobs);
      const job = jobs.find((one) => one.id === id);
      if (job === undefined) return new Response(null, { status: 404 });
      if (request.method === 'GET') return new Response(await readFile(job.path));
      await keep(job, request, end === 'end');
      return new Response();
    });
    const window = new BrowserWindow({
      show: false,
      webPreferences: { backgroundThrottling: false },
    });
    window.webContents.on('render-process-gone', (_event, { reason }) =>
      fail(new Error(`The page that decodes ended: ${reason}.`)),
    );
    window.loadURL(`${decodeOrigin}/index.html`).catch(fail);
  });
}

async function page(pathname: string): Promise<Response> {
  const content = await readFile(join(folder, 'page', pathname));
  return new Response(content, {
    headers: { 'content-type': types[extname(pathname)] ?? 'application/octet-stream' },
  });
}

async function keep(job: FilmJob, request: Request, isEnd: boolean): Promise<void> {
  if (isEnd) {
    const result = decodeResultSchema.parse(await request.json());
    await writeFile(join(job.folder, resultFile), JSON.stringify(result));
  } else {
    await appendFile(join(job.folder, framesFile), new Uint8Array(await request.arrayBuffer()));
  }
}

decodeAll().then(
  () => app.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    app.exit(1);
  },
);
