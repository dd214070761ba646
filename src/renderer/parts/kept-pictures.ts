export interface KeptPictures {
  /** Holds the picture, until as many others as are kept have been used since. */
  keep(url: string): void;
}

/** Holds the `limit` pictures used last, each loaded once for as long as it is held. */
export function createKeptPictures(load: (url: string) => unknown, limit: number): KeptPictures {
  const kept = new Map<string, unknown>();
  return {
    keep(url) {
      const picture = kept.get(url) ?? load(url);
      kept.delete(url);
      kept.set(url, picture);
      for (const oldest of kept.keys()) {
        if (kept.size <= limit) break;
        kept.delete(oldest);
      }
    },
  };
}

function loadPicture(url: string): HTMLImageElement {
  const picture = new Image();
  picture.src = url;
  return picture;
}

/** A large screen of products twice over; some 30 kB each, since what is held is not the pixels. */
const picturesKept = 128;

/**
 * The products' pictures of this page. An <img> shares them with the one before only while somebody
 * holds them: else each screen loads and decodes them anew, and Chromium keeps the pixels of every
 * time, up to 512 MB of them.
 */
export const productPictures = createKeptPictures(loadPicture, picturesKept);
