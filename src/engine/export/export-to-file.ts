import { openStoreBesideOthers } from '../store/beside-others.ts';
import { ArchiveError, exportProject } from './project-archive.ts';

export interface ExportToFileOptions {
  readonly dataDir: string;
  readonly projectName: string;
  readonly file: string;
  readonly onProgress: (progress: {
    readonly kind: 'copying';
    readonly done: number;
    readonly of: number;
  }) => void;
}

/** Works beside an engine that serves the folder. @throws ArchiveError, PhotoError, StoreError */
export async function exportToFile(options: ExportToFileOptions): Promise<{
  readonly file: string;
  readonly images: number;
  readonly iterations: number;
}> {
  const { dataDir, projectName, file, onProgress } = options;
  const store = openStoreBesideOthers(dataDir, 'export');
  try {
    const project = store.projects.named(projectName);
    if (!project) {
      const names = store.projects.list().map(({ name }) => `"${name}"`);
      const others = names.length > 0 ? `It has ${names.join(', ')}.` : 'It has none.';
      throw new ArchiveError(`There is no project "${projectName}" in ${dataDir}. ${others}`);
    }
    const written = await exportProject(store, project, file, (done, of) =>
      onProgress({ kind: 'copying', done, of }),
    );
    return { file, ...written };
  } finally {
    store.close();
  }
}
