/** The page that decodes one film after the other and hands the pictures to its main process. */
import { ALL_FORMATS, BlobSource, Input, VideoSampleSink } from 'mediabunny';
import { codingOf } from '../../../../src/renderer/capture/colour-coding.ts';
import type { ColourCoding } from '../../../../src/shared/thumb.ts';
import type { DecodedHead, DecodeResult, FilmJob } from '../messages.ts';
import { isNeutral, repackAsI420 } from '../i420.ts';

/** Some seconds' pictures of a small film, or some of a large one, go at a time. */
const batchBytes = 8 << 20;

async function decodeAll(): Promise<void> {
  // They come from the program that started this.
  const jobs = (await (await fetch('/films')).json()) as FilmJob[];
  for (const { id } of jobs) {
    const result = await decode(`/films/${id}`).then(
      (head): DecodeResult => ({ head }),
      (error: unknown): DecodeResult => ({
        error: error instanceof Error ? error.message : String(error),
      }),
    );
    await post(`/films/${id}/end`, JSON.stringify(result));
  }
  await post('/done', '');
}

async function decode(url: string): Promise<DecodedHead> {
  const film = await (await fetch(url)).blob();
  const input = new Input({ source: new BlobSource(film), formats: ALL_FORMATS });
  const track = await input.getPrimaryVideoTrack();
  if (track === null) throw new Error('It has no pictures.');
  let size: { width: number; height: number } | null = null;
  const timesMs: number[] = [];
  let coding: ColourCoding | null = null;
  let isGrey = true;
  let batch: Uint8Array<ArrayBuffer>[] = [];
  let batched = 0;
  const flush = async (): Promise<void> => {
    await post(url, new Blob(batch));
    batch = [];
    batched = 0;
  };
  for await (const sample of new VideoSampleSink(track).samples()) {
    const { width, height } = sample.visibleRect;
    const { rotation, timestamp } = sample;
    if (size !== null && (size.width !== width || size.height !== height)) {
      throw new Error(
        `Its pictures change from ${size.width}×${size.height} to ${width}×${height}.`,
      );
    }
    if (rotation !== 0) throw new Error(`It is to be shown turned by ${rotation}°.`);
    size = { width, height };
    // As the kiosk reads a camera's pictures.
    coding ??= codingOf(sample.colorSpace);
    const bytes = new Uint8Array(sample.allocationSize());
    await sample.copyTo(bytes);
    const { format } = sample;
    sample.close();
    const picture = repackAsI420(bytes, format, width, height);
    isGrey &&= isNeutral(picture, width, height);
    timesMs.push(timestamp * 1000);
    batch.push(picture);
    batched += picture.length;
    if (batched >= batchBytes) await flush();
  }
  if (size === null || coding === null) throw new Error('It has no pictures.');
  await flush();
  const startMs = timesMs[0] ?? 0;
  return {
    ...size,
    timesMs: timesMs.map((timeMs) => timeMs - startMs),
    isGrey,
    coding,
  };
}

async function post(url: string, body: BodyInit): Promise<void> {
  const answer = await fetch(url, { method: 'POST', body });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}.`);
}

void decodeAll();
