import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createCanvas } from '@napi-rs/canvas';
import type { Image } from '@napi-rs/canvas';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { z } from 'zod';

import { suppressed, withinPicture } from './boxes.ts';
import { decodeScale } from './decode.ts';
import type { Filled, Proposal } from './decode.ts';

export const detectorSchema = z.object({
  id: z.string().min(1),
  file: z.string().min(1),
  sha256: z.string().length(64),
  input: z.object({
    name: z.string(),
    layout: z.literal('NCHW'),
    channels: z.literal('BGR'),
    side: z.int().positive(),
    mean: z.array(z.number()).length(3),
    std: z.array(z.number().positive()).length(3),
  }),
  /** One tensor for each scale. */
  outputs: z.array(z.string()).min(1),
  classes: z.int().positive(),
  steps: z.int().positive(),
  source: z.string(),
  licence: z.string(),
});

export type DetectorDescription = z.infer<typeof detectorSchema>;

/** Says where in a picture things seem to lie, without a name for any. */
export interface Detector {
  readonly id: string;
  /** Most likely first, none twice. */
  readonly propose: (image: Image) => Promise<Proposal[]>;
  readonly close: () => Promise<void>;
}

export interface DetectorOptions {
  /** Folder of `detector.json` and the ONNX file that it names. */
  readonly detectorDir: string;
  readonly threads: number;
}

const leastObjectness = 0.06;
const mostOverlap = 0.6;
const mostProposals = 20;
/** What so large a part of the picture shows is what things lie on. */
const largestShare = 0.6;

/** Undefined where there is none. @throws Error that names the file, where it is damaged. */
export async function loadDetector({
  detectorDir,
  threads,
}: DetectorOptions): Promise<Detector | undefined> {
  const description = await readDescription(join(detectorDir, 'detector.json'));
  if (!description) return undefined;
  const path = join(detectorDir, description.file);
  await readChecked(path, description);
  const { id, input, outputs } = description;
  // It takes 50 MB, and most shops only classify: made when it is first needed, of checked bytes.
  const makeSession = async (): Promise<InferenceSession> =>
    InferenceSession.create(await readChecked(path, description), {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  let made: Promise<InferenceSession> | undefined;
  return {
    id,
    async propose(image) {
      const { pixels, filled } = toPixels(image, input);
      const tensor = new Tensor('float32', pixels, [1, 3, input.side, input.side]);
      const session = await (made ??= makeSession());
      const results = await session.run({ [input.name]: tensor });
      const found = outputs.flatMap((name) => {
        const result = results[name];
        if (!(result?.data instanceof Float32Array)) {
          throw new Error(`${path} did not give "${name}".`);
        }
        const side = result.dims[2] ?? 0;
        return decodeScale({ values: result.data, side }, description, filled, leastObjectness);
      });
      return chosen(found);
    },
    async close() {
      await made?.then(
        (session) => session.release(),
        () => undefined,
      );
    },
  };
}

/** The best of all scales. */
export function chosen(found: readonly Proposal[]): Proposal[] {
  const within = found
    .map(({ box, objectness }) => ({ box: withinPicture(box), objectness }))
    .filter(({ box: { width, height } }) => width * height > 0 && width * height < largestShare)
    .toSorted((a, b) => b.objectness - a.objectness);
  return suppressed(within, mostOverlap).slice(0, mostProposals);
}

async function readDescription(path: string): Promise<DetectorDescription | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return detectorSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`${path} does not describe a detector that this version understands.`, {
      cause: error,
    });
  }
}

async function readChecked(path: string, { sha256 }: DetectorDescription): Promise<Buffer> {
  const bytes = await readFile(path);
  if (createHash('sha256').update(bytes).digest('hex') === sha256) return bytes;
  throw new Error(`${path} is damaged: its checksum is not the one in detector.json.`);
}

function toPixels(
  image: Image,
  { side, mean, std }: DetectorDescription['input'],
): { readonly pixels: Float32Array; readonly filled: Filled } {
  const scale = side / Math.max(image.width, image.height);
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const canvas = createCanvas(side, side);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.fillStyle = 'rgb(114 114 114)';
  context.fillRect(0, 0, side, side);
  context.drawImage(image, 0, 0, width, height);
  const rgba = context.getImageData(0, 0, side, side).data;
  const plane = side * side;
  const pixels = new Float32Array(3 * plane);
  for (let channel = 0; channel < 3; channel += 1) {
    const [middle, spread] = [mean[channel] ?? 0, std[channel] ?? 1];
    let source = 2 - channel;
    for (let pixel = 0; pixel < plane; pixel += 1, source += 4) {
      pixels[channel * plane + pixel] = (rgba[source]! - middle) / spread;
    }
  }
  return { pixels, filled: { width: width / side, height: height / side } };
}

/** What to do where there is none, in words for whoever asked for detection. */
export const noDetector =
  'This engine was set up without a detector, so it does not detect objects. Run "npm run setup" ' +
  'on its machine and start it again.';
