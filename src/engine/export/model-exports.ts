import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { readBackbone } from '../model/backbone.ts';
import { badRequest } from '../domain/service-error.ts';
import type { Iteration, IterationStore } from '../store/iteration-store.ts';
import type { Project } from '../store/project-store.ts';
import { readHead } from '../training/head-file.ts';
import { modelPackage } from './model-package.ts';
import { writeWholeFile } from './whole-file.ts';

export const flavors = ['ONNX10', 'ONNX12'] as const;
export type Flavor = (typeof flavors)[number];

export interface ModelExport {
  readonly flavor: Flavor | null;
  readonly status: 'Exporting' | 'Done' | 'Failed';
}

/** Trained iterations as packages to download, each made once and kept in the data folder. */
export interface ModelExports {
  /** What there is already is not made again. @throws ServiceError */
  readonly begin: (task: ExportTask) => Promise<ModelExport>;
  readonly list: (iterationId: string) => Promise<ModelExport[]>;
  /** Where the package lies; undefined where there is none. */
  readonly file: (
    iterationId: string,
    flavor: Flavor | null,
  ) => Promise<{ readonly path: string; readonly bytes: number } | undefined>;
  /** Takes away those of iterations that were deleted, one that is being made included. */
  readonly forget: (iterationIds: readonly string[]) => Promise<void>;
  /** Takes away those of iterations that are gone, and what a killed engine left half done. */
  readonly sweep: () => Promise<void>;
  /** When nothing is being made any more. */
  readonly settled: () => Promise<void>;
}

export interface ExportTask {
  readonly project: Pick<Project, 'name'>;
  readonly iteration: Iteration;
  readonly flavor: Flavor | null;
}

export interface ModelExportsOptions {
  readonly dataDir: string;
  readonly modelDir: string;
  readonly backboneId: string;
  readonly iterations: Pick<IterationStore, 'head'>;
  readonly onFault: (error: unknown) => void;
  readonly now?: () => Date;
}

export function createModelExports(options: ModelExportsOptions): ModelExports {
  const { dataDir, modelDir, backboneId, iterations, onFault, now = () => new Date() } = options;
  const folder = join(dataDir, 'exports');
  const unfinished = new Map<string, 'Exporting' | 'Failed'>();
  let queue: Promise<void> = Promise.resolve();

  const pathOf = (iterationId: string, flavor: Flavor | null): string =>
    join(folder, iterationId, `${flavor ?? 'ONNX'}.zip`);

  const file = async (iterationId: string, flavor: Flavor | null) => {
    const path = pathOf(iterationId, flavor);
    const size = await sizeOf(path);
    return size === undefined ? undefined : { path, bytes: size };
  };

  const stateOf = async (
    iterationId: string,
    flavor: Flavor | null,
  ): Promise<ModelExport | undefined> => {
    const status = unfinished.get(pathOf(iterationId, flavor));
    if (status) return { flavor, status };
    return (await file(iterationId, flavor)) && { flavor, status: 'Done' };
  };

  const make = async ({ iteration, project, flavor }: ExportTask): Promise<void> => {
    const path = pathOf(iteration.id, flavor);
    try {
      const head = iterations.head(iteration.id);
      // It was deleted while it waited for its turn.
      if (!head) {
        unfinished.delete(path);
        return;
      }
      await mkdir(join(folder, iteration.id), { recursive: true, mode: 0o700 });
      // One turn for each of the larger works, so that predictions come in between.
      const backbone = await readBackbone(modelDir);
      await setImmediate();
      const readable = readHead(head, backboneId);
      await setImmediate();
      const source = await modelPackage({
        backbone,
        head: readable,
        project,
        iteration,
        flavor,
        exportedAt: now(),
      });
      await writeWholeFile(path, source);
      unfinished.delete(path);
    } catch (error) {
      unfinished.set(path, 'Failed');
      onFault(error);
    }
  };

  return {
    async begin(task) {
      const { iteration, flavor } = task;
      const path = pathOf(iteration.id, flavor);
      if (await file(iteration.id, flavor)) return { flavor, status: 'Done' };
      if (unfinished.get(path) === 'Exporting') {
        throw badRequest(
          'BadRequestExportAlreadyInProgress',
          'This iteration is being exported already; ask for its exports until it is done.',
        );
      }
      checkExportable(iteration, backboneId);
      unfinished.set(path, 'Exporting');
      queue = queue.then(() => make(task));
      return { flavor, status: 'Exporting' };
    },
    async list(iterationId) {
      const all = [null, ...flavors].map((flavor) => stateOf(iterationId, flavor));
      return (await Promise.all(all)).filter((state) => state !== undefined);
    },
    file,
    async forget(iterationIds) {
      await queue;
      for (const iterationId of iterationIds) {
        await rm(join(folder, iterationId), { recursive: true, force: true });
        for (const flavor of [null, ...flavors]) unfinished.delete(pathOf(iterationId, flavor));
      }
    },
    async sweep() {
      for (const iterationId of await namesIn(folder)) {
        const inside = join(folder, iterationId);
        if (!iterations.head(iterationId)) await rm(inside, { recursive: true, force: true });
        else {
          for (const name of await namesIn(inside)) {
            if (name.endsWith('.part')) await rm(join(inside, name), { force: true });
          }
        }
      }
    },
    settled: () => queue,
  };
}

function checkExportable(iteration: Iteration, backboneId: string): void {
  if (iteration.status === 'Training') {
    throw badRequest('BadRequestExportWhileTraining', 'The iteration is still being trained.');
  }
  if (iteration.status !== 'Completed') {
    throw badRequest('BadRequestIterationIsNotTrained', 'The iteration is not trained.');
  }
  if (iteration.backboneId !== backboneId) {
    throw badRequest(
      'BadRequestExportValidationFailed',
      `The iteration was trained on the model "${iteration.backboneId}", but the engine runs ` +
        `"${backboneId}". Train the project again.`,
    );
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
