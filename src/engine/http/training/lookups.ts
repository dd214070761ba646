import { findDomain } from '../../domain/domains.ts';
import type { Domain } from '../../domain/domains.ts';
import { badRequest, ServiceError, serviceErrors } from '../../domain/service-error.ts';
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

/** The one that the query asks for, else the newest that is trained. @throws ServiceError */
export function trainedIteration(store: Store, project: Project, inputs: Inputs): Iteration {
  const asked = askedIteration(store, project, inputs);
  if (asked && asked.status !== 'Completed') {
    throw badRequest(
      'BadRequestIterationIsNotTrained',
      `The iteration is not trained; its status is ${asked.status}.`,
    );
  }
  const found =
    asked ?? store.iterations.list(project.id).find(({ status }) => status === 'Completed');
  if (found) return found;
  throw new ServiceError(
    404,
    'NotFoundProjectDefaultIteration',
    'The project has no trained iteration yet. Train it first.',
  );
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
