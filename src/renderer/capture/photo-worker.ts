import { createFrameWork } from './frame-work.ts';
import type { PhotoAnswer, PhotoOrder } from './photo-work.ts';

const work = createFrameWork();

async function make({ frame, region, maxSide }: PhotoOrder) {
  try {
    return await work.jpeg(frame, region, maxSide);
  } finally {
    frame.close();
  }
}

function answer(message: PhotoAnswer, transfer: Transferable[]): void {
  self.postMessage(message, { transfer });
}

self.addEventListener('message', ({ data }: MessageEvent<PhotoOrder>) => {
  make(data).then(
    (photo) => answer({ id: data.id, photo }, [photo.jpeg.buffer]),
    (error: unknown) => answer({ id: data.id, problem: String(error) }, []),
  );
});
