import { readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { CustomScheme, Session } from 'electron';

/** Must be registered before Electron is ready. Standard and secure, so that pages have an origin. */
export const appScheme: CustomScheme = {
  scheme: 'app',
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
};

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.webp': 'image/webp',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.svg': 'image/svg+xml',
};

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  'media-src blob:',
  "connect-src 'self'",
  "font-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

export interface AppFiles {
  /** The built pages. */
  readonly rendererFolder: string;
  /** The catalogue's pictures, served below /products/. */
  readonly productFolder: string;
  /** A photo of this run by its id, served below /photo/. */
  readonly photo: (id: string) => Uint8Array | null;
}

/** Where an `app:` address leads: to a file, to a photo in memory, or nowhere. */
export function locate(
  address: string,
  files: Pick<AppFiles, 'rendererFolder' | 'productFolder'>,
): { kind: 'file'; path: string } | { kind: 'photo'; id: string } | null {
  let path: string;
  try {
    path = decodeURIComponent(new URL(address).pathname);
  } catch {
    return null;
  }
  const photo = /^\/photo\/([\w.:-]+)\.jpg$/.exec(path);
  if (photo?.[1] !== undefined) return { kind: 'photo', id: photo[1] };
  if (/[\\\0]|\/$/.test(path) || path.split('/').includes('..')) return null;
  const folder = path.startsWith('/products/') ? files.productFolder : files.rendererFolder;
  const below = path.startsWith('/products/') ? path.slice('/products/'.length) : path.slice(1);
  const full = join(folder, below);
  return full.startsWith(folder + sep) ? { kind: 'file', path: full } : null;
}

/** Serves the app's pages to one session: the built files, product pictures and photos, nothing else. */
export function serveApp(session: Session, files: AppFiles): void {
  session.protocol.handle('app', async (request) => {
    const place = request.method === 'GET' ? locate(request.url, files) : null;
    if (place === null) return notFound();
    if (place.kind === 'photo') {
      const photo = files.photo(place.id);
      return photo === null ? notFound() : found(photo, 'image/jpeg');
    }
    const contentType = contentTypes[extname(place.path)];
    if (contentType === undefined) return notFound();
    try {
      return found(await readFile(place.path), contentType);
    } catch {
      return notFound();
    }
  });
}

function found(body: Uint8Array, contentType: string): Response {
  return new Response(new Uint8Array(body), {
    headers: {
      'content-type': contentType,
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
    },
  });
}

function notFound(): Response {
  return new Response(null, { status: 404 });
}
