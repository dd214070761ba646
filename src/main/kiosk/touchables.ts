import type { KioskWindow } from '../app/window.ts';
import type { TrayCamera } from '../camera/tray/tray-camera.ts';

/** Tells the window what can be touched in the virtual tray's world; the answer ends it. */
export function sendTouchables(
  window: Pick<KioskWindow, 'send'>,
  virtualTray: TrayCamera | null,
): () => void {
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
