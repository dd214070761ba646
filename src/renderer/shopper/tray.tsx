import { memo, useCallback, useEffect, useRef, useState } from 'react';
import type { Region } from '../../shared/frame.ts';
import type { PreviewPicture } from '../../shared/contracts/shopper.ts';
import type { LatestItem } from '../../shared/snapshot.ts';
import { placeInCover } from '../parts/cover.ts';
import type { Size } from '../parts/cover.ts';
import { Icon } from '../parts/icon.tsx';
import { Key } from '../parts/key.tsx';
import { LivePicture } from '../parts/live-picture.tsx';
import { cameraHelps } from './camera-helps.ts';
import { send, useKiosk, useShop } from './kiosk.ts';
import { follow } from './latest-store.ts';
import { Touchables } from './touchables.tsx';
import './tray.css';

export interface TrayPictureProps {
  /** Where the newest item lies. */
  readonly region: Region | null;
  readonly demo: boolean;
}

/** What the camera sees; in the demo shop the counter as its customer sees it, to be touched. */
export const TrayPicture = memo(function TrayPicture({ region, demo }: TrayPictureProps) {
  const { preview, virtualTray, wording } = useShop();
  const [picture, setPicture] = useState<Size | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  const box = useSize(frame);
  const subscribe = useCallback(
    (listener: (frame: PreviewPicture) => void) => follow(preview, listener),
    [preview],
  );
  const onSize = useCallback((size: Size) => setPicture(size), []);
  // The demo's regions belong to the tray's camera, not to the world view.
  const placed =
    demo || region === null || picture === null || box === null
      ? null
      : placeInCover(region, picture, box);

  return (
    <div className="tray-box">
      <div className="tray-picture" ref={frame} data-empty={picture === null ? true : undefined}>
        <LivePicture
          label={wording.t(demo ? 'tray.world' : 'tray.camera')}
          whole={demo}
          subscribe={subscribe}
          onSize={onSize}
        />
        {picture === null ? (
          <p className="tray-waiting">
            <Icon name="tray" />
            {wording.t('tray.waiting')}
          </p>
        ) : null}
        {placed === null ? null : (
          <div
            className="tray-region"
            style={{
              left: `${placed.left * 100}%`,
              top: `${placed.top * 100}%`,
              width: `${placed.width * 100}%`,
              height: `${placed.height * 100}%`,
            }}
          />
        )}
        {!demo || virtualTray === null ? null : <Touchables virtualTray={virtualTray} />}
      </div>
    </div>
  );
});

export interface TrayStatusProps {
  readonly latest: LatestItem | null;
  readonly looking: boolean;
  /** Makes the check mark appear anew. */
  readonly arrival: number;
}

/** What the till is doing, beside what it sees: looking, added, or ready for the next thing. */
export function TrayStatus({ latest, looking, arrival }: TrayStatusProps) {
  const { wording, api, snapshot } = useKiosk();
  const { t } = wording;
  if (looking) {
    return (
      <div className="tray-status">
        <span className="tray-dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
        <p className="tray-hint">{t('tray.looking')}</p>
      </div>
    );
  }
  if (latest === null) {
    if (!cameraHelps(snapshot.notices)) return null;
    return (
      <div className="tray-status">
        <span className="tray-mark" data-quiet aria-hidden="true">
          <Icon name="tray" />
        </span>
        <p className="tray-hint">{t(snapshot.cart.itemCount === 0 ? 'tray.first' : 'tray.next')}</p>
      </div>
    );
  }
  const name = wording.name(latest.names);
  return (
    <div className="tray-status" data-added>
      <span className="tray-mark" key={arrival} aria-hidden="true">
        <Icon name="check" />
      </span>
      <p className="tray-added">
        <span className="tray-name">{name}</span>
        <span className="tray-amount amount">
          {t('tray.added', { amount: wording.money(latest.addedMinor) })}
        </span>
      </p>
      <Key
        size="small"
        label={t('tray.notThisNamed', { name })}
        onPress={() => send(api.request['line:correct']({ lineId: latest.lineId }))}
      >
        {t('tray.notThis')}
      </Key>
    </div>
  );
}

function useSize(element: { readonly current: HTMLElement | null }): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    const observer = new ResizeObserver(() =>
      setSize({ width: target.clientWidth, height: target.clientHeight }),
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
