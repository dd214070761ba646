import { app, BrowserWindow, session } from 'electron';

/** A plain browser for the engine's page: `--languages=de-DE`, `--size=1080x1920`. */
const argument = (name, otherwise) =>
  process.argv.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise;

app.setPath('userData', argument('user-data'));
app.on('window-all-closed', () => app.quit());

await app.whenReady();
const [width, height] = argument('size', '1920x1080').split('x').map(Number);
session.defaultSession.setUserAgent(
  session.defaultSession.getUserAgent(),
  argument('languages', 'en-GB'),
);
const window = new BrowserWindow({ width, height, useContentSize: true, frame: false });
await window.loadURL('about:blank');
