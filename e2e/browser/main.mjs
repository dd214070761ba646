import { app, BrowserWindow } from 'electron';

/** A plain browser for the engine's page: `--languages=de-DE`, `--size=1080x1920`. */
const argument = (name, otherwise) =>
  process.argv.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise;

app.setPath('userData', argument('user-data'));
app.commandLine.appendSwitch('lang', argument('languages', 'en-GB'));
app.on('window-all-closed', () => app.quit());

// Electron is ready only after this module has run to its end, so nothing here may wait for it.
void app.whenReady().then(async () => {
  const [width, height] = argument('size', '1920x1080').split('x').map(Number);
  const window = new BrowserWindow({
    width,
    height,
    useContentSize: true,
    frame: false,
    enableLargerThanScreen: true,
  });
  await window.loadURL('about:blank');
});
