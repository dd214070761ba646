import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ipcMain, session } from 'electron';
import type { Session } from 'electron';
import { serveApp } from '../app/app-protocol.ts';
import { denyPermissions } from '../app/lock-down.ts';
import { createPhotos } from '../app/photos.ts';
import { openKioskWindow } from '../app/window.ts';
import type { KioskWindow } from '../app/window.ts';
import { createCheckout, defaultTimings } from '../checkout/checkout.ts';
import type { Change, Checkout } from '../checkout/checkout.ts';
import { systemClock } from '../checkout/clock.ts';
import { saleOf } from '../checkout/state.ts';
import { serveRequests } from '../ipc/serve.ts';
import { startLane } from '../lane/lane.ts';
import type { LaneOutcome, Scale } from '../lane/lane-parts.ts';
import { createSumScale } from '../lane/scale.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Log } from '../app/log.ts';
import type { Options } from '../app/options.ts';
import type { Paths } from '../app/paths.ts';
import { openDemoTerminal } from '../payment/demo-terminal.ts';
import type { DemoBehaviour, DemoTerminal } from '../payment/demo-terminal.ts';
import { questionOf } from '../recognition/decide.ts';
import { recognitionNotice } from '../recognition/notice.ts';
import { cropFor } from '../../shared/item-crop.ts';
import { placeOf } from '../../shared/item-mask.ts';
import { sightNotices } from '../camera/sight-troubles.ts';
import type { TrayCamera } from '../camera/tray/tray-camera.ts';
import type { StoreView } from '../../shared/snapshot.ts';
import { openCamera } from './camera.ts';
import { closedCheckout } from './closed-checkout.ts';
import { kioskHandlers } from './handlers.ts';
import { openRecognition } from './recognition.ts';
import type { Shop } from './shop.ts';
import { createSightWatch } from './sight-watch.ts';
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
  readonly virtualTray: TrayCamera | null;
  /** Resolves when an item laid down would be seen; to false where recognition is down. */
  readonly ready: Promise<boolean>;
  readonly stop: () => Promise<void>;
}

/** Builds every object of the running app and joins them. */
export async function startKiosk(parts: KioskParts): Promise<Kiosk> {
  const { options, paths, dataFolder, shop, log } = parts;
  const { catalogue, settings } = shop;
  const photos = createPhotos(photosKept);
  const serve = (to: Session): void =>
    serveApp(to, {
      rendererFolder: paths.renderer,
      productFolder: shop.pictureFolder,
      photo: photos.get,
    });
  serve(session.defaultSession);
  denyPermissions(session.defaultSession);

  // It takes as long as the ledger and the window do, which need nothing of it.
  const trayOpening = openTray(settings, { paths, log });
  let placementsUnderWay = 0;
  const checkout = await openCheckout(parts, () => placementsUnderWay > 0);
  const store: StoreView = {
    name: settings.store.name,
    currency: settings.store.currency,
    region: settings.store.region,
    languages: settings.store.languages,
    demo: shop.demo,
    keepsPictures: settings.store.keepsPictures,
  };
  const view = createKioskView(
    {
      store,
      clock: systemClock,
      catalogue: () => catalogue,
      hasPhoto: (id) => photos.get(id) !== null,
      soon: setImmediate,
      publish: (snapshot) => window.send('kiosk:changed', snapshot),
    },
    checkout.state(),
  );

  const { camera, retune, virtualTray } = openCamera(settings, options, { paths, serve, log });
  const stopServing = serveRequests(
    ipcMain,
    { window: () => window.webContents(), pageUrl: kioskPage },
    kioskHandlers({ checkout, view, catalogue: () => catalogue, demo: virtualTray }),
    log,
  );
  const window = openKioskWindow({
    pageUrl: kioskPage,
    preload: paths.kioskPreload,
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

  const recognition = openRecognition(
    shop,
    options,
    dataFolder,
    paths,
    (health) => {
      const notice = recognitionNotice(health);
      view.setNotice('recognition-down', notice === 'recognition-down');
      view.setNotice('recognition-second-endpoint', notice === 'recognition-second-endpoint');
    },
    log,
  );

  // The window shows the virtual tray's world, in which the camera's regions mean nothing.
  const showRegion: KioskView['setRegion'] = (placementId, region) => {
    if (virtualTray === null) view.setRegion(placementId, region && placeOf(region));
  };
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
    camera,
    tray,
    recogniser: recognition,
    decide: (result) => recognition.decide(result, catalogue),
    questionOf: (decision, { predictions }) => questionOf(decision, predictions, catalogue),
    cropFor: (region, { width, height }) => {
      // Other projects than the demo shop's were taught on pictures with their surroundings.
      const wanted = shop.demo ? region : placeOf(region);
      const scale = nominalSide / Math.max(width, height);
      return cropFor(wanted, width * scale, height * scale);
    },
    scale: virtualTray === null ? null : openScale(virtualTray),
    mayLookAhead: recognition.mayLookAhead,
    now: () => performance.now(),
    listener: {
      outcome: (outcome) => tellCheckout(outcome),
      passedOver: (placementId) => log('item-passed-over', { placementId }),
      moved: showRegion,
      left: (placementId) => {
        log('item-left', { placementId });
        showRegion(placementId, null);
        void checkout.dispatch({ kind: 'item-left-tray', placementId });
      },
      watching: () => watching(),
      looking: (count) => {
        placementsUnderWay = count;
        view.setLooking(count);
      },
      preview: (frame) => window.send('preview:frame', frame),
      cameraStatus: (status) => {
        if (status.kind === 'lost') {
          log('camera-lost', { ...status });
          tray.reset({ keepPlacements: true });
        }
        sight.lost(status.kind === 'lost');
        view.setNotice('camera-lost', status.kind === 'lost');
      },
      blind: (reason) => {
        sight.blind(reason);
        if (reason === 'dark' || reason === 'bright') retune();
      },
      impaired: (reasons) => {
        // The virtual tray is as quick as the machine that draws it; no remedy would make it quicker.
        const isDrawn = virtualTray !== null;
        sight.impaired(isDrawn ? reasons.filter((reason) => reason !== 'slow') : reasons);
        if (reasons.includes('dim')) retune();
      },
      fault: (where, error) => log('lane-fault', { where, error: String(error) }),
    },
  });
  const ready = Promise.all([recognition.ready, watched]).then(([recognises]) => recognises);
  void ready.then(() => lane.rehearse());
  const stopTouchables = sendTouchables(window, virtualTray);

  async function tellCheckout(outcome: LaneOutcome): Promise<void> {
    const { placementId, photo, region, timings } = outcome;
    const photoId = photo === null ? null : `${placementId}-${randomUUID().slice(0, 8)}`;
    if (photo !== null && photoId !== null) photos.keep(photoId, photo.jpeg);
    showRegion(placementId, region);
    const { stillnessMs, photoMs, recognitionMs, decisionMs } = timings;
    const toldMs = performance.now();
    await checkout.dispatch({
      kind: 'item-recognised',
      placementId,
      photoId,
      weightGrams: outcome.weightGrams,
      decision: outcome.result,
      unsure: outcome.unsure,
      msSinceStill: Math.round(stillnessMs + photoMs + recognitionMs + decisionMs),
    });
    const ledgerMs = performance.now() - toldMs;
    log('item-timed', { placementId, ...rounded({ ...timings, ledgerMs }) });
  }

  return {
    window,
    checkout,
    view,
    virtualTray,
    ready,
    stop: async () => {
      stopTouchables();
      stopServing();
      await lane.stop();
      await tray.stop();
      await recognition.stop();
      await checkout.stop();
    },
  };
}

/** The checkout on its ledger and terminal; out of order where one of them cannot be had. */
async function openCheckout(parts: KioskParts, isLooking: () => boolean): Promise<Checkout> {
  const { options, paths, dataFolder, shop, log } = parts;
  let ledger: Ledger;
  try {
    ledger = await openLedger(
      join(dataFolder, 'ledger.db'),
      paths.ledgerWorker,
      ({ kind, ...notice }) => log(`ledger-${kind}`, notice),
    );
  } catch (error) {
    log('ledger-refused', { error: String(error) });
    return closedCheckout('ledger', systemClock.nowMs);
  }
  let terminal: DemoTerminal;
  try {
    terminal = await openDemoTerminal({
      journalFile: join(dataFolder, 'demo-terminal.jsonl'),
      clock: systemClock,
      behaviour: () => terminalBehaviour[options.terminal],
      // Whoever tries the silent one should see what comes of it; the slow one takes eight.
      deadlineMs: 10_000,
      ...(options.terminalAnswerMs === null ? {} : { answerMs: options.terminalAnswerMs }),
    });
  } catch (error) {
    log('terminal-refused', { error: String(error) });
    await ledger.close();
    return closedCheckout('payment-unsettled', systemClock.nowMs);
  }
  const checkout = createCheckout({
    ledger,
    terminal,
    clock: systemClock,
    newId: randomUUID,
    catalogue: () => shop.catalogue,
    timings: defaultTimings,
    closed: shop.fault,
    isLooking,
    fault: (where, error) => log('checkout-fault', { where, error: String(error) }),
  });
  await checkout.start();
  const stop = async (): Promise<void> => {
    await checkout.stop();
    await terminal.close();
    await ledger.close();
  };
  return { ...checkout, stop };
}

const terminalBehaviour: Readonly<Record<Options['terminal'], DemoBehaviour>> = {
  approves: 'approve',
  declines: 'decline',
  slow: 'slow',
  silent: 'no-answer',
};

function openScale(virtualTray: TrayCamera): Scale {
  const scale = createSumScale();
  virtualTray.onWeight(scale.shows);
  return scale;
}

function sendTouchables(window: KioskWindow, virtualTray: TrayCamera | null): () => void {
  if (virtualTray === null) return () => undefined;
  return virtualTray.onLayout((items) =>
    window.send(
      'demo:touchables',
      items.map(({ kind, productId, instanceId, rect }) => ({
        kind,
        productId,
        instanceId: instanceId ?? null,
        rect,
      })),
    ),
  );
}

/** The sale of before is over, and what is on the tray now is somebody else's. */
function isNextShopper({ before, after }: Change): boolean {
  const [saleBefore, saleAfter] = [saleOf(before), saleOf(after)];
  return saleBefore !== null && saleBefore.saleId !== saleAfter?.saleId;
}

function rounded(values: Readonly<Record<string, number | boolean>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' ? Math.round(value * 10) / 10 : value,
    ]),
  );
}
