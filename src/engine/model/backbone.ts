import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Image } from '@napi-rs/canvas';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { z } from 'zod';

import { drawView } from './picture.ts';
import type { View } from './picture.ts';

const descriptionSchema = z.object({
  id: z.string().min(1),
  file: z.string().min(1),
  sha256: z.string().length(64),
  input: z.object({
    name: z.string(),
    layout: z.literal('NCHW'),
    channels: z.enum(['RGB', 'BGR']),
    width: z.int().positive(),
    height: z.int().positive(),
    mean: z.array(z.number()).length(3),
    std: z.array(z.number().positive()).length(3),
  }),
  output: z.object({ name: z.string(), count: z.int().positive() }),
});

type Description = z.infer<typeof descriptionSchema>;

/** A backbone as it lies in its folder. */
export interface BackboneFile {
  readonly description: Description;
  readonly path: string;
  readonly bytes: Buffer;
}

/** Turns pictures into rows of numbers; heads are bound to the backbone whose id they carry. */
export interface Backbone {
  readonly id: string;
  readonly featureCount: number;
  /** One row of `featureCount` numbers for each view of the picture. */
  readonly features: (image: Image, views: readonly View[]) => Promise<Float32Array[]>;
  readonly close: () => Promise<void>;
}

export interface BackboneOptions {
  /** Folder of `backbone.json` and the ONNX file that it names. */
  readonly modelDir: string;
  readonly threads: number;
}

/** @throws Error that names the file, where the model is missing, damaged or not understood. */
export async function readBackbone(modelDir: string): Promise<BackboneFile> {
  const description = await readDescription(join(modelDir, 'backbone.json'));
  const path = join(modelDir, description.file);
  const bytes = await readFile(path);
  if (createHash('sha256').update(bytes).digest('hex') !== description.sha256) {
    throw new Error(`${path} is damaged: its checksum is not the one in backbone.json.`);
  }
  return { description, path, bytes };
}

/** @throws Error that names the file, where the model is missing, damaged or not understood. */
export async function loadBackbone({ modelDir, threads }: BackboneOptions): Promise<Backbone> {
  const { description, path: modelPath, bytes } = await readBackbone(modelDir);
  const session = await InferenceSession.create(bytes, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Idle threads would otherwise spin and take the core from the camera and the window.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const { input, output } = description;
  return {
    id: description.id,
    featureCount: output.count,
    async features(image, views) {
      const pixels = new Tensor('float32', toTensor(image, views, input), [
        views.length,
        3,
        input.height,
        input.width,
      ]);
      const results = await session.run({ [input.name]: pixels });
      const values = results[output.name]?.data;
      if (!(values instanceof Float32Array) || values.length !== views.length * output.count) {
        throw new Error(`${modelPath} did not give ${output.count} numbers for each picture.`);
      }
      return views.map((_, row) => values.slice(row * output.count, (row + 1) * output.count));
    },
    close: () => session.release(),
  };
}

async function readDescription(path: string): Promise<Description> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new Error(`No model: ${path} cannot be read.`, { cause: error });
  }
  try {
    return descriptionSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`${path} does not describe a model that this version understands.`, {
      cause: error,
    });
  }
}

function toTensor(image: Image, views: readonly View[], input: Description['input']): Float32Array {
  const { width, height, channels, mean, std } = input;
  const plane = width * height;
  const tensor = new Float32Array(views.length * 3 * plane);
  views.forEach((view, index) => {
    const rgba = drawView(image, view, width, height);
    for (let channel = 0; channel < 3; channel += 1) {
      const scaled = scaledValues(mean[channel] ?? 0, std[channel] ?? 1, view.gain ?? 1);
      const start = (index * 3 + channel) * plane;
      let source = channels === 'RGB' ? channel : 2 - channel;
      for (let pixel = 0; pixel < plane; pixel += 1, source += 4) {
        tensor[start + pixel] = scaled[rgba[source]!]!;
      }
    }
  });
  return tensor;
}

/** What the model sees of each of the 256 values of a colour. */
function scaledValues(mean: number, std: number, gain: number): Float32Array {
  return Float32Array.from(
    { length: 256 },
    (_, value) => (Math.min(value * gain, 255) - mean) / std,
  );
}
