import { openStore } from '../store/store.ts';
import { openArchive } from './archive-source.ts';
import { bringProject } from './bring-project.ts';
import { MoveError } from './retry.ts';
import type { ProjectSource } from '../export/project-source.ts';

export interface ImportFromFileOptions {
  readonly dataDir: string;
  readonly file: string;
  /** As it is called in the file, where it is not given. */
  readonly name?: string;
  readonly onProgress: (progress: {
    readonly kind: 'copying';
    readonly done: number;
    readonly of: number;
  }) => void;
}

export interface FileImport {
  readonly projectId: string;
  readonly projectName: string;
  readonly images: number;
  readonly iterations: number;
}

/**
 * Brings an exported project in, whole or not at all: killed, it goes on where it was when it is
 * called again; of a damaged file nothing stays. @throws ArchiveError, MoveError, StoreError
 */
export async function importFromFile(options: ImportFromFileOptions): Promise<FileImport> {
  const store = openStore(options.dataDir);
  try {
    const archive = await openArchive(options.file, store);
    try {
      const origin = `file:${archive.id}`;
      const before = store.imports.from(origin);
      const { project } = archive.source;
      const name = options.name ?? project.name;
      if (!before && store.projects.named(name)) {
        throw new MoveError(
          `There is a project "${name}" here already. Choose another name with --name.`,
        );
      }
      if (before) store.imports.begin(before.projectId, origin);
      const id = before?.projectId ?? store.imports.create({ ...project, name }, () => origin).id;
      try {
        await bringProject(store, id, counted(archive.source, archive.images, options));
      } catch (error) {
        await store.dropUnused(store.projects.remove(id));
        throw error;
      }
      store.imports.end(id, 'Succeeded');
      store.imports.forget(id);
      const brought = store.projects.get(id)!;
      return {
        projectId: id,
        projectName: brought.name,
        images: brought.imageCount,
        iterations: store.iterations.list(id).length,
      };
    } finally {
      archive.close();
    }
  } finally {
    store.close();
  }
}

function counted(
  source: ProjectSource,
  of: number,
  { onProgress }: ImportFromFileOptions,
): ProjectSource {
  let done = 0;
  return {
    ...source,
    eachBatch: (take) =>
      source.eachBatch((images) => {
        take(images);
        done += images.length;
        onProgress({ kind: 'copying', done, of: Math.max(of, done) });
      }),
  };
}
