import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Contract } from '../src/shared/contracts/contract.ts';
import { demo } from '../src/shared/contracts/demo.ts';
import { exposing } from '../src/shared/contracts/exposed.ts';
import { shopper } from '../src/shared/contracts/shopper.ts';
import { Kiosk } from './kiosk.ts';

let kiosk: Kiosk;

test.beforeAll(async () => {
  kiosk = await Kiosk.start();
});
test.afterAll(() => kiosk?.close());
test.afterEach(() => kiosk?.attachWhenFailed());

test('the page has nothing of Node, and of the app only the named methods', async () => {
  const seen = await kiosk.page.evaluate(() => ({
    node: ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer'].filter(
      (name) => name in window,
    ),
    others: ['capture', 'scene', 'staff'].filter((name) => name in window),
    api: [window.shopper, window.demo].map((audience) =>
      Object.entries(audience ?? {}).map(([kind, methods]) => [kind, Object.keys(methods)]),
    ),
  }));
  const named = ({ requests, messages, events }: Contract) =>
    Object.entries({ request: requests, tell: messages, on: events }).map(([kind, table]) => [
      kind,
      Object.keys(table),
    ]);
  expect(seen).toEqual({ node: [], others: [], api: [named(shopper), named(demo)] });
});

test('every window is sandboxed and isolated', async () => {
  const preferences = await kiosk.app.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents): Electron.WebPreferences => {
      // Electron has it, its types do not.
      return Reflect.get(contents, 'getLastWebPreferences').call(contents);
    }),
  );
  expect(preferences).toHaveLength(2);
  for (const preference of preferences) {
    expect(preference).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
    });
  }
});

test('the page goes nowhere else and opens nothing', async () => {
  const { page, app } = kiosk;
  const count = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
  const windows = await count();
  await page.evaluate(() => Object.assign(window, { untouched: true }));
  const opened = await page.evaluate(() => {
    const answers = [
      'https://example.org/',
      'about:blank',
      location.href,
      'file:///etc/passwd',
    ].map((address) => window.open(address));
    location.assign('https://example.org/');
    location.assign('app://capture/capture/index.html');
    const link = document.createElement('a');
    link.href = 'file:///etc/passwd';
    document.body.append(link);
    link.click();
    link.remove();
    return answers.filter((answer) => answer !== null).length;
  });
  expect(opened).toBe(0);
  expect(await count()).toBe(windows);
  expect(page.url()).toBe('app://kiosk/shopper/index.html');
  expect(await page.evaluate(() => 'untouched' in window)).toBe(true);
});

test('the keys that leave a kiosk do nothing', async () => {
  const { page, app } = kiosk;
  await page.evaluate(() => Object.assign(window, { untouched: true }));
  const before = await stateOfWindow();
  await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows().find((window) =>
      window.webContents.getURL().startsWith('app://kiosk/'),
    )?.webContents;
    const presses: readonly (readonly [string, ('control' | 'shift' | 'alt')[]])[] = [
      ['R', ['control']],
      ['R', ['control', 'shift']],
      ['F5', []],
      ['F11', []],
      ['I', ['control', 'shift']],
      ['W', ['control']],
      ['Q', ['control']],
      ['N', ['control']],
      ['Left', ['alt']],
      ['F12', []],
    ];
    for (const [keyCode, modifiers] of presses) {
      contents?.sendInputEvent({ type: 'keyDown', keyCode, modifiers });
      contents?.sendInputEvent({ type: 'keyUp', keyCode, modifiers });
    }
  });
  // A key that is harmless comes last: once it has arrived, the others have too.
  await page.evaluate(() => {
    addEventListener('keydown', (event) => {
      if (event.key === 'F2') Object.assign(window, { lastKeySeen: true });
    });
  });
  await app.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) {
      if (!window.webContents.getURL().startsWith('app://kiosk/')) continue;
      window.webContents.sendInputEvent({ type: 'keyDown', keyCode: 'F2' });
    }
  });
  await expect.poll(() => page.evaluate(() => 'lastKeySeen' in window)).toBe(true);
  expect(await page.evaluate(() => 'untouched' in window)).toBe(true);
  expect(await stateOfWindow()).toEqual(before);

  function stateOfWindow(): Promise<unknown> {
    return app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .filter((window) => window.webContents.getURL().startsWith('app://kiosk/'))
        .map((window) => ({
          fullScreen: window.isFullScreen(),
          devTools: window.webContents.isDevToolsOpened(),
          zoom: window.webContents.getZoomFactor(),
        })),
    );
  }
});

test('every permission is denied to the page', async () => {
  const answers = await kiosk.page.evaluate(async () => {
    const nameOf = (error: unknown) => (error instanceof Error ? error.name : String(error));
    const tried = async (what: () => Promise<unknown>) => {
      try {
        await what();
        return 'granted';
      } catch (error) {
        return nameOf(error);
      }
    };
    return {
      camera: await tried(() => navigator.mediaDevices.getUserMedia({ video: true })),
      microphone: await tried(() => navigator.mediaDevices.getUserMedia({ audio: true })),
      screen: await tried(() => navigator.mediaDevices.getDisplayMedia({ video: true })),
      notifications: await Notification.requestPermission(),
      clipboard: await tried(() => navigator.clipboard.readText()),
      place: await new Promise((resolve) => {
        navigator.geolocation.getCurrentPosition(
          () => resolve('granted'),
          (error) => resolve(error.code === error.PERMISSION_DENIED ? 'denied' : 'failed'),
        );
      }),
    };
  });
  expect(answers.camera).toMatch(/NotAllowedError|NotFoundError/);
  expect(answers).toMatchObject({ notifications: 'denied', place: 'denied' });
  expect(Object.values(answers)).not.toContain('granted');
});

test('scripts, eval and the network are refused by the policy of every page', async () => {
  const pages = kiosk.app.windows();
  expect(pages).toHaveLength(2);
  for (const page of pages) {
    const policy = await kiosk.app.evaluate(async ({ webContents }, address) => {
      const contents = webContents.getAllWebContents().find((one) => one.getURL() === address);
      const reply = await contents?.session.fetch(address);
      return reply?.headers.get('content-security-policy') ?? '';
    }, page.url());
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toMatch(/unsafe|\*/);

    const outcome = await page.evaluate(async () => {
      const refused: string[] = [];
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
        refused.push(`${effectiveDirective} ${blockedURI}`),
      );
      const frame = document.createElement('iframe');
      frame.src = 'https://example.org/';
      document.body.append(frame);
      const image = new Image();
      image.src = 'http://127.0.0.1:9/pixel.png';
      const called = await fetch('http://127.0.0.1:9/').then(
        () => 'answered',
        () => 'refused',
      );
      let written = 'done';
      try {
        document.body.insertAdjacentHTML('beforeend', '<p onclick="0">intruder</p>');
      } catch {
        written = 'refused';
      }
      // Some are told of twice, so that a count says nothing.
      const isToldOf = (directive: string): boolean =>
        refused.some((each) => each.startsWith(directive));
      while (
        !['connect-src', 'img-src', 'frame-src', 'require-trusted-types-for'].every(isToldOf)
      ) {
        await new Promise((done) => setTimeout(done, 20));
      }
      frame.remove();
      return { called, written, refused };
    });
    expect(outcome).toMatchObject({ called: 'refused', written: 'refused' });
    expect(outcome.refused).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^connect-src http:/),
        expect.stringMatching(/^img-src http:/),
        expect.stringMatching(/^frame-src https:/),
      ]),
    );
  }
});

test('requests of any other page are refused, whatever preload it has', async () => {
  const preload = join(
    await kiosk.app.evaluate(({ app }) => app.getAppPath()),
    'out/preload/window.cjs',
  );
  const parts = { preload, additionalArguments: exposing([shopper]) };
  const answers = await kiosk.app.evaluate(async ({ BrowserWindow }, own) => {
    const other = new BrowserWindow({
      show: false,
      webPreferences: { ...own, sandbox: true, contextIsolation: true },
    });
    const ask = (code: string): Promise<unknown> => other.webContents.executeJavaScript(code);
    const replies: unknown[] = [];
    for (const address of [
      'app://kiosk/shopper/index.html',
      'app://elsewhere/shopper/index.html',
      'data:text/html,<p>hello</p>',
    ]) {
      await other.loadURL(address);
      replies.push(await ask(`window.shopper.request['sale:start']().then((reply) => reply.code)`));
      replies.push(
        await ask(`window.shopper.request['kiosk:snapshot']().then((reply) => reply.code)`),
      );
    }
    other.destroy();
    return replies;
  }, parts);
  expect(answers).toEqual(Array.from({ length: 6 }, () => 'refused-sender'));
  expect((await kiosk.snapshot()).screen.kind).toBe('welcome');
  await kiosk.logged('ipc-refused', { channel: 'sale:start' });
});

test('a malformed argument changes nothing and is called so', async () => {
  const codes = await kiosk.page.evaluate(async () => {
    const anything = { ...window.shopper.request, ...window.demo?.request } as unknown as Record<
      string,
      (argument: unknown) => Promise<{ code?: string }>
    >;
    const tries: readonly (readonly [string, unknown])[] = [
      ['line:set-quantity', { lineId: 'x', quantity: -1 }],
      ['line:set-quantity', { lineId: '../../x', quantity: 1 }],
      ['product:choose', 'banana'],
      ['product:choose', { productId: 'x'.repeat(200) }],
      ['language:choose', { language: 'xx' }],
      ['display:choose', { largerText: 'yes' }],
      ['sale:pay', { amountMinor: 1 }],
      ['demo:lay', { productId: ['banana'] }],
    ];
    return Promise.all(tries.map(async ([name, value]) => (await anything[name]?.(value))?.code));
  });
  expect(codes).toEqual(Array.from({ length: 8 }, () => 'bad-argument'));
  expect((await kiosk.snapshot()).screen.kind).toBe('welcome');
});

test('the keys of recognition show nowhere', async () => {
  const keys = JSON.parse(readFileSync(join(kiosk.data, 'engine/keys.json'), 'utf8')) as unknown;
  const secrets = Object.values(keys as Record<string, string>);
  expect(secrets.length).toBeGreaterThan(0);
  const shown = [
    kiosk.output('stdout'),
    kiosk.output('stderr'),
    ...readdirSync(join(kiosk.data, 'logs')).map((name) =>
      readFileSync(join(kiosk.data, 'logs', name), 'utf8'),
    ),
    JSON.stringify(await kiosk.snapshot()),
    await kiosk.page.content(),
    JSON.stringify(await kiosk.page.evaluate(() => window.shopper.request['catalogue:list']())),
  ];
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(15);
    for (const text of shown) expect(text).not.toContain(secret);
  }
});
