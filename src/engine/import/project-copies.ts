import type { LogWriter } from '../../shared/log.ts';
import type { Project } from '../store/project-store.ts';
import type { Store } from '../store/store.ts';
import { bringProject } from './bring-project.ts';
import { storeSource } from '../export/store-source.ts';

/** Copies of projects inside of one engine, made in the background one after the other. */
export interface ProjectCopies {
  /** The new project, of status Importing. */
  readonly begin: (source: Project, name: string) => Project;
  /**
   * Goes on with what an engine before this one did not finish; what a command did not finish is
   * marked as failed, so that it can be used as far as it came.
   */
  readonly resume: () => void;
  /** Breaks off what is under way, which the next engine goes on with. */
  readonly stop: () => Promise<void>;
}

export interface ProjectCopiesOptions {
  readonly store: Store;
  readonly onEvent: LogWriter;
  readonly onFault: (error: unknown) => void;
}

const originPrefix = 'copy:';

export function createProjectCopies({
  store,
  onEvent,
  onFault,
}: ProjectCopiesOptions): ProjectCopies {
  const stopping = new AbortController();
  let queue: Promise<void> = Promise.resolve();

  const copy = async (projectId: string, sourceId: string): Promise<void> => {
    if (stopping.signal.aborted || !store.projects.get(projectId)) return;
    try {
      const source = store.projects.get(sourceId);
      if (source) await bringProject(store, projectId, storeSource(store, source, stopping.signal));
      const isWhole = store.projects.get(sourceId) !== undefined;
      store.imports.end(projectId, isWhole ? 'Succeeded' : 'Failed');
      if (isWhole) store.imports.forget(projectId);
    } catch (error) {
      if (stopping.signal.aborted || !store.projects.get(projectId)) return;
      store.imports.end(projectId, 'Failed');
      onFault(error);
    }
  };

  const enqueue = (projectId: string, sourceId: string): void => {
    queue = queue.then(() => copy(projectId, sourceId));
  };

  return {
    begin(source, name) {
      const { description, domainId, classificationType, settings } = source;
      const project = store.imports.create(
        { name, description, domainId, classificationType, settings },
        // One source may be copied many times: each copy is an origin of its own.
        (id) => `${originPrefix}${source.id}:${id}`,
      );
      enqueue(project.id, source.id);
      return project;
    },
    resume() {
      for (const { projectId, origin } of store.imports.unfinished()) {
        const [, sourceId] = origin.split(':');
        if (origin.startsWith(originPrefix) && sourceId !== undefined) {
          enqueue(projectId, sourceId);
          continue;
        }
        // No command can be at work on it: the folder is this engine's alone.
        store.imports.end(projectId, 'Failed');
        onEvent({
          level: 'warn',
          event: 'import-broken-off',
          projectId,
          message: 'To bring the rest, stop the engine and run the command import again.',
        });
      }
    },
    async stop() {
      stopping.abort();
      await queue;
    },
  };
}
