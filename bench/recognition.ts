import { performance } from 'node:perf_hooks';
import { createCanvas } from '@napi-rs/canvas';
import { openRecogniser } from '../src/main/recognition/recogniser.ts';
import { answerWith, openScriptedServer } from '../src/simulators/custom-vision/scripted-server.ts';
import { defaultThresholds } from '../src/main/settings/recognition-settings.ts';
import { spread } from './figure.ts';
import type { Figure } from './figure.ts';

const warmUpCalls = 50;
const calls = 500;

/**
 * What recognition itself adds to an item: multipart, SDK, HTTP over the loopback and judging the
 * answer, against a server that answers at once without looking at the picture.
 */
export async function benchRecognition(): Promise<readonly Figure[]> {
  const tags = Array.from(
    { length: 100 },
    (_, index) => [`tag-${index}`, 1 / (index + 2)] as const,
  );
  const server = await openScriptedServer(answerWith(Object.fromEntries(tags)));
  const recogniser = openRecogniser({
    first: {
      predictionEndpoint: server.endpoint,
      predictionKey: 'bench',
      projectId: '6f8a1c2e-0b5d-4e7f-9a3c-1d2e3f4a5b6c',
      modelName: 'bench',
    },
    second: null,
    keepPictures: false,
    deadlineMs: 2000,
    thresholds: defaultThresholds,
  });
  const jpeg = drawNoise(640, 480);
  try {
    const tookMs: number[] = [];
    for (let call = 0; call < warmUpCalls + calls; call += 1) {
      const startedMs = performance.now();
      const result = await recogniser.recognise(jpeg);
      if (result.kind !== 'recognised') throw new Error(result.message);
      if (call >= warmUpCalls) tookMs.push(performance.now() - startedMs);
    }
    const note = `${calls} calls, JPEG of ${Math.round(jpeg.byteLength / 1000)} kB, 100 tags`;
    return spread('recognition overhead', 'ms', note, tookMs);
  } finally {
    recogniser.close();
    await server.close();
  }
}

/** A picture as hard to pack as a photo of groceries: noise in blocks. */
function drawNoise(width: number, height: number): Uint8Array {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  let state = 1;
  for (let top = 0; top < height; top += 8) {
    for (let left = 0; left < width; left += 8) {
      state = (state * 48_271) % 2_147_483_647;
      context.fillStyle = `hsl(${state % 360} 60% ${30 + (state % 40)}%)`;
      context.fillRect(left, top, 8, 8);
    }
  }
  return canvas.toBuffer('image/jpeg', 85);
}
