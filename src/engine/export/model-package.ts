import { Readable } from 'node:stream';

import { ZipFile } from 'yazl';

import type { BackboneFile } from '../model/backbone.ts';
import type { Head } from '../training/head.ts';
import { classifierModel, pictureInput, probabilityOutput } from './classifier-model.ts';

export interface PackageTask {
  readonly backbone: BackboneFile;
  readonly head: Head;
  readonly project: { readonly name: string };
  readonly iteration: { readonly id: string; readonly name: string };
  readonly flavor: string | null;
  readonly exportedAt: Date;
}

/**
 * A zip of the model, its labels in the order of its output, and how to use both; files are named
 * as the service names them. Made piece by piece, so that no thread is held up.
 */
export async function modelPackage(task: PackageTask): Promise<NodeJS.ReadableStream> {
  const { backbone, head, exportedAt } = task;
  const { chunks, opset } = classifierModel(backbone, head);
  const zip = new ZipFile();
  // Weights hardly shrink, so that compressing them would cost a second for nothing.
  zip.addReadStream(Readable.from(chunks), 'model.onnx', {
    mtime: exportedAt,
    compress: false,
    size: chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0),
  });
  const texts = {
    'labels.txt': head.tags.map(({ name }) => `${name.replaceAll(/\s+/g, ' ')}\n`).join(''),
    'cvexport.manifest': `${JSON.stringify(manifestOf(task, opset), null, 2)}\n`,
    'README.md': readme(task, opset),
  };
  for (const [name, text] of Object.entries(texts)) {
    zip.addBuffer(Buffer.from(text), name, { mtime: exportedAt });
  }
  zip.end();
  return zip.outputStream;
}

function manifestOf({ backbone, head, flavor, iteration, exportedAt }: PackageTask, opset: number) {
  const { input, id } = backbone.description;
  return {
    DomainType: 'Classification',
    Platform: 'ONNX',
    Flavor: flavor,
    ExporterVersion: '2.0',
    ExportedDate: exportedAt.toISOString(),
    IterationId: iteration.id,
    SchemaVersion: '1.0',
    ModelFileName: 'model.onnx',
    LabelFileName: 'labels.txt',
    OnnxOpset: opset,
    Backbone: id,
    Input: {
      Name: pictureInput,
      Layout: 'NCHW',
      Channels: input.channels,
      Width: input.width,
      Height: input.height,
      Range: [0, 255],
    },
    Output: { Name: probabilityOutput, Exclusive: head.kind === 'multiclass' },
    Tags: head.tags.map(({ id: tagId, name, type }) => ({ Id: tagId, Name: name, Type: type })),
  };
}

function readme({ backbone, project, iteration, head }: PackageTask, opset: number): string {
  const { width, height, channels } = backbone.description.input;
  const sums =
    head.kind === 'multiclass'
      ? 'The tags exclude one another. A picture of nothing that was taught gets a low probability\n' +
        'for every tag, and a high one for a tag of type Negative, where there is one.'
      : 'Each tag is there or not, whatever the others are; a tag of type Negative stands for none of\n' +
        'the others.';
  return `# ${project.name}, ${iteration.name}

\`model.onnx\` names what a picture shows, by the tags in \`labels.txt\`. Any runtime for ONNX opset
${opset} can run it; it needs nothing else. \`cvexport.manifest\` says the same for programs.

## Input

\`${pictureInput}\`: float32, n × 3 × ${height} × ${width}, as many pictures at once as you like.

1. Turn the picture upright, as its EXIF orientation says.
2. Where it is transparent, lay it on white.
3. Scale it in its own proportions, so that it just fits into ${width} × ${height}, with a filter that
   averages when it shrinks, such as Lanczos or area: a bare bilinear one changes the picture.
4. Centre it, and fill what is left with grey, 127 in each channel.
5. Give the channels ${[...channels].join(', ')} one after the other, each value from 0 to 255. The model scales
   them itself.

## Output

\`${probabilityOutput}\`: float32, n × ${head.tags.length}, in the order of \`labels.txt\`. ${sums}
`;
}
