import { ipcMain, session } from 'electron';
import type { Session } from 'electron';
import { demo } from '../../shared/contracts/demo.ts';
import { shopper } from '../../shared/contracts/shopper.ts';
import type { PreviewPicture } from '../../shared/contracts/shopper.ts';
import { placeOf } from '../../shared/item-mask.ts';
import { cropFor } from '../../shared/item-crop.ts';
import { serveApp } from '../app/app-protocol.ts';
import { denyPermissions } from '../app/lock-down.ts';
import type { Log } from '../../shared/log.ts';
import type { Options } from '../app/options.ts';
import type { Paths } from '../app/paths.ts';
import { createPhotos } from '../app/photos.ts';
import { createStopStack } from '../app/stop-stack.ts';
import type { StopStack } from '../app/stop-stack.ts';
import { openKioskWindow } from '../app/window.ts';
import type { KioskWindow } from '../app/window.ts';
import { sightNotices } from '../camera/sight-troubles.ts';
import type { TrayCamera } from '../camera/tray/tray-camera.ts';
import type { Change, Checkout } from '../checkout/checkout.ts';
import { systemClock } from '../checkout/clock.ts';
import { saleOf } from '../checkout/state.ts';
import { createHealth } from '../devices/health.ts';
import type { Health } from '../devices/health.ts';
import { places } from '../devices/registry.ts';
import { sendTo } from '../ipc/send.ts';
import { serve } from '../ipc/serve.ts';
import { startLane } from '../lane/lane.ts';
import { questionOf } from '../recognition/decide.ts';
import { recogniserNotice } from './device-notices.ts';
import { demoHandlers, shopperHandlers } from './handlers.ts';
import { createLaneListener } from './lane-listener.ts';
import { openCheckout } from './open-checkout.ts';
import type { Shop } from './shop.ts';
import { createSightWatch } from './sight-watch.ts';
import { touchablesOf } from './touchables.ts';
import { openTray } from './tray.ts';
import { createKioskView } from './view.ts';
import type { KioskView } from './view.ts';

export const kioskPage = 'app://kiosk/shopper/index.html';

/** Photos that the window may still show: those of a large cart. */
const photosKept = 80;

/** Full pictures are taken as so long when a crop is planned; only proportions come of it. */
const nominalSide = 640;

export interface KioskParts {
  readonly options: Options;
  readonly paths: Paths;
  readonly dataFolder: string;
  readonly shop: Shop;
  readonly log: Log;
  /** Told of each change of the checkout, after the window. */
  readonly onChange: (change: Change) => void;
  readonly onHopeless: () => void;
}

/** A running kiosk. */
export interface Kiosk {
  readonly window: KioskWindow;
  readonly checkout: Checkout;
  readonly view: KioskView;
  readonly health: Health;
  readonly virtualTray: TrayCamera | null;
  /** Resolves when an item laid down would be seen; to false where recognition is down. */
  readonly ready: Promise<boolean>;
  /** Never rejects. */
  readonly stop: () => Promise<void>;
}

/** Builds every object of the running app and joins them; what is up is stopped again where one fails. */
export async function startKiosk(parts: KioskParts): Promise<Kiosk> {
  const { log } = parts;
  const stops = createStopStack((what, error) => log.error('stop-failed', { what, error }));
  try {
    return await start(parts, stops);
  } catch (error) {
    await stops.stopAll();
    throw error;
  }
}

async function start(parts: KioskParts, stops: StopStack): Promise<Kiosk> {
  const { options, paths, dataFolder, shop, log } = parts;
  const { catalogue, settings } = shop;
  const health = createHealth(log);

  // What the pages load.
  const photos = createPhotos(photosKept);
  const servePages = (to: Session): void =>
    serveApp(to, {
      rendererFolder: paths.renderer,
      productFolder: shop.pictureFolder,
      photo: photos.get,
    });
  servePages(session.defaultSession);
  denyPermissions(session.defaultSession);

  // The tray's model takes as long as the ledger and the window do, which need nothing of it.
  const trayOpening = openTray(settings, { paths, log });
  trayOpening.then(
    (opened) => stops.push('tray', opened.stop),
    () => undefined,
  );

  // Ledger, terminal and checkout.
  let placementsUnderWay = 0;
  const isLooking = (): boolean => placementsUnderWay > 0;
  const opening = { shop, paths, dataFolder, stops, health, log, isLooking };
  const checkout = await openCheckout(opening);

  // The window and what it may ask.
  const contents = () => window.webContents();
  const toShopper = sendTo(shopper, contents);
  const view = createKioskView(
    {
      store: { ...settings.store, demo: shop.demo },
      clock: systemClock,
      catalogue: () => catalogue,
      hasPhoto: (id) => photos.get(id) !== null,
      soon: setImmediate,
      publish: (snapshot) => toShopper('kiosk:changed', snapshot),
    },
    checkout.state(),
  );
  const camera = await places.camera.open(settings.camera, {
    ...{ paths, serve: servePages, log },
    region: settings.store.region,
    takesPictureFiles: options.device !== null,
  });
  health.watch('camera', camera);
  const { virtualTray } = camera;
  let lastFrame: PreviewPicture | null = null;
  const guard = { window: contents, pageUrl: kioskPage };
  const ipc = { ipc: ipcMain, log };
  const preview = (): PreviewPicture | null => lastFrame;
  const forShopper = shopperHandlers({ checkout, view, catalogue: () => catalogue, preview });
  stops.push('requests', serve(shopper, guard, forShopper, ipc));
  if (virtualTray !== null) {
    const toDemo = sendTo(demo, contents);
    stops.push('demo requests', serve(demo, guard, demoHandlers(virtualTray), ipc));
    stops.push(
      'touchables',
      virtualTray.onLayout((items) => toDemo('demo:touchables-changed', touchablesOf(items))),
    );
  }
  const window = openKioskWindow({
    pageUrl: kioskPage,
    preload: paths.preload,
    contracts: virtualTray === null ? [shopper] : [shopper, demo],
    session: session.defaultSession,
    windowed: options.windowed,
    size:
      options.orientation === 'portrait'
        ? { width: 1080, height: 1920 }
        : { width: 1920, height: 1080 },
    log,
    onHopeless: parts.onHopeless,
  });
  checkout.subscribe((change) => {
    view.show(change.after);
    if (isNextShopper(change)) view.forgetShopper();
    parts.onChange(change);
  });

  // Scale and recogniser.
  const scale = await places.scale.open(settings.scale, { virtualTray });
  stops.push('scale', scale.stop);
  health.watch('scale', scale);
  const recognition = await places.recogniser.open(settings.recogniser, {
    ...{ paths, dataFolder, log },
    recognition: settings.recognition,
    keepsPictures: settings.store.keepsPictures,
    configFile: options.config,
  });
  stops.push('recogniser', recognition.stop);
  health.watch('recogniser', recognition);
  recognition.onStatus((status) => {
    const notice = recogniserNotice(status);
    view.setNotice('recognition-down', notice === 'recognition-down');
    view.setNotice('recognition-second-endpoint', notice === 'recognition-second-endpoint');
  });

  // The item pipeline: camera, tray, recogniser, checkout.
  const sight = createSightWatch({
    clock: systemClock,
    show: (notice) => {
      for (const each of sightNotices) view.setNotice(each, each === notice);
    },
    log,
  });
  const tray = await trayOpening;
  let watching: () => void = () => undefined;
  const watched = new Promise<void>((resolve) => {
    watching = resolve;
  });
  const lane = startLane({
    camera: camera.camera,
    tray,
    recogniser: recognition.recogniser,
    decide: (result) => recognition.decide(result, catalogue),
    questionOf: (decision, { predictions }) => questionOf(decision, predictions, catalogue),
    cropFor: (region, { width, height }) => {
      const wanted = recognition.wantsSurroundings ? placeOf(region) : region;
      const scaled = nominalSide / Math.max(width, height);
      return cropFor(wanted, width * scaled, height * scaled);
    },
    scale: scale.scale,
    mayLookAhead: recognition.mayLookAhead,
    now: () => performance.now(),
    listener: createLaneListener({
      ...{ checkout, view, photos, camera, tray, sight, log },
      preview: ({ jpeg, width, height }) => {
        lastFrame = { jpeg, width, height };
        toShopper('preview:changed', lastFrame);
      },
      watching: () => watching(),
      looking: (count) => {
        placementsUnderWay = count;
        view.setLooking(count);
      },
    }),
  });
  // The lane stops the camera, which it started.
  stops.push('lane', lane.stop);
  const ready = Promise.all([recognition.ready, watched]).then(([recognises]) => recognises);
  void ready.then(() => lane.rehearse());

  return { window, checkout, view, health, virtualTray, ready, stop: stops.stopAll };
}

/** The sale of before is over, and what is on the tray now is somebody else's. */
function isNextShopper({ before, after }: Change): boolean {
  const [saleBefore, saleAfter] = [saleOf(before), saleOf(after)];
  return saleBefore !== null && saleBefore.saleId !== saleAfter?.saleId;
}
