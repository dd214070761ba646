import type { Session, WebContents } from 'electron';

type RequestDetails = Parameters<
  NonNullable<Parameters<Session['setPermissionRequestHandler']>[0]>
>[3];

/** The one page that may see the camera: by its address, and by the window that main made for it. */
export interface CapturePage {
  readonly url: string;
  readonly isCaptureWindow: (contents: WebContents) => boolean;
}

/**
 * Lets the capture page, in its own window and as its main frame, use cameras; everything else that
 * a page of this session can ask for is denied. Electron grants all of it by default.
 */
export function allowOnlyCamera(session: Session, page: CapturePage): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    const types = mediaTypesOf(details);
    const isVideoAlone = types.length > 0 && types.every((type) => type === 'video');
    answer(
      permission === 'media' &&
        isVideoAlone &&
        details.isMainFrame &&
        details.requestingUrl === page.url &&
        page.isCaptureWindow(contents),
    );
  });
  session.setPermissionCheckHandler(
    (contents, permission, _origin, details) =>
      permission === 'media' &&
      details.mediaType === 'video' &&
      details.isMainFrame &&
      details.requestingUrl === page.url &&
      contents !== null &&
      page.isCaptureWindow(contents),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler(null);
}

function mediaTypesOf(details: RequestDetails): readonly string[] {
  return 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
}
