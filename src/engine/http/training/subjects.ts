import { findDomain } from '../../domains.ts';
import type { Domain } from '../../domains.ts';
import { serviceErrors } from '../../service-error.ts';
import type { Iteration } from '../../store/iteration-store.ts';
import type { Project } from '../../store/project-store.ts';
import type { Store } from '../../store/store.ts';
import type { Inputs } from './inputs.ts';

/** @throws ServiceError where there is no such project. */
export function projectOf(store: Store, params: unknown): Project {
  const project = store.projects.get((params as { projectId: string }).projectId);
  if (!project) throw serviceErrors.projectNotFound();
  return project;
}

/** The iteration that the path names. @throws ServiceError */
export function iterationOf(store: Store, project: Project, params: unknown): Iteration {
  return knownIteration(store, project, (params as { iterationId: string }).iterationId);
}

/** The iteration that the query asks for; undefined where it asks for what is there now. */
export function askedIteration(
  store: Store,
  project: Project,
  inputs: Inputs,
): Iteration | undefined {
  const id = inputs.text('iterationId');
  return id === undefined ? undefined : knownIteration(store, project, id);
}

function knownIteration(store: Store, project: Project, id: string): Iteration {
  const iteration = store.iterations.get(project.id, id);
  if (!iteration) throw serviceErrors.iterationNotFound();
  return iteration;
}

export function domainOf({ domainId }: { readonly domainId: string }): Domain | undefined {
  return findDomain(domainId);
}

export function isDetection(project: { readonly domainId: string }): boolean {
  return domainOf(project)?.type === 'ObjectDetection';
}
