// Shows the built gallery in a window like the shopper's: sandboxed, own protocol, the same CSP.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { app, BrowserWindow, protocol } from 'electron';

const flag = (name) =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const built = flag('gallery');
if (built === undefined) throw new Error('--gallery=FOLDER is missing');
const userData = flag('user-data');
if (userData !== undefined) app.setPath('userData', userData);

const csp = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.webp': 'image/webp',
};

protocol.registerSchemesAsPrivileged([
  { scheme: 'gallery', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

// Electron is not ready before this module has ended: no top-level await here.
void app.whenReady().then(() => {
  protocol.handle('gallery', async (request) => {
    const file = path.join(built, path.normalize(new URL(request.url).pathname));
    try {
      return new Response(await readFile(file), {
        headers: {
          'content-type': types[path.extname(file)] ?? 'application/octet-stream',
          'content-security-policy': csp,
        },
      });
    } catch {
      return new Response(null, { status: 404 });
    }
  });

  const window = new BrowserWindow({
    width: 1080,
    height: 1920,
    useContentSize: true,
    frame: false,
    enableLargerThanScreen: true,
    webPreferences: { sandbox: true, contextIsolation: true, backgroundThrottling: false },
  });
  app.on('window-all-closed', () => app.quit());
  void window.loadURL('gallery://gallery/gallery.html');
});
