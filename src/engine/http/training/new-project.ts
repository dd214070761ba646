import { limits } from '../../domain/limits.ts';
import { badRequest } from '../../domain/service-error.ts';
import type { Store } from '../../store/store.ts';

export function nameNotUnique(name: string) {
  return badRequest('BadRequestProjectNameNotUnique', `There is a project "${name}" already.`);
}

/** @throws ServiceError where there is no room for another project, or for none of that name. */
export function checkRoomFor(store: Store, name: string): void {
  if (store.projects.named(name)) throw nameNotUnique(name);
  if (store.projects.list().length >= limits.projects) {
    throw badRequest(
      'BadRequestExceedProjectLimit',
      `There may be at most ${limits.projects} projects.`,
    );
  }
}
