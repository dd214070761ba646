import type { FastifyInstance } from 'fastify';

import type { ProjectCopies } from '../../import/project-copies.ts';
import { limits } from '../../domain/limits.ts';
import { badRequest } from '../../domain/service-error.ts';
import type { Project } from '../../store/project-store.ts';
import type { Store } from '../../store/store.ts';
import type { PathSigner } from '../signed-paths.ts';
import { projectAnswer } from './answers.ts';
import { inputsOf, nameOf } from './inputs.ts';
import { checkRoomFor } from './new-project.ts';
import { pictureLinks } from './picture-links.ts';
import { projectOf } from './lookups.ts';

export interface MoveRoutesOptions {
  readonly store: Store;
  readonly signer: PathSigner;
  readonly copies: ProjectCopies;
}

/** A row of the database, measured on the slowest machine that the engine is for. */
const msPerImage = 0.5;

/** Copying a project by a token, as the service does it; here inside of one engine. */
export function addMoveRoutes(
  server: FastifyInstance,
  { store, signer, copies }: MoveRoutesOptions,
): void {
  server.get('/projects/:projectId/export', async ({ params }) => {
    const { id, imageCount } = projectOf(store, params);
    return {
      iterationCount: store.iterations.list(id).filter(({ status }) => status === 'Completed')
        .length,
      imageCount,
      tagCount: store.tags.list(id).length,
      regionCount: store.projects.regionCount(id),
      estimatedImportTimeInMS: Math.ceil(imageCount * msPerImage),
      token: tokenOf(id, signer),
    };
  });

  server.post('/projects/import', async (request) => {
    const inputs = inputsOf(request.query);
    const source = store.projects.get(projectIdOf(inputs.required('token'), signer));
    if (!source) throw invalidToken();
    const asked = inputs.text('name');
    const name = asked === undefined ? freeName(store, source) : nameOf('Project', asked);
    checkRoomFor(store, name);
    const project = copies.begin(source, name);
    return projectAnswer(project, undefined, pictureLinks(signer, request));
  });
}

const pathTo = (projectId: string): string => `/projects/${projectId}`;

function tokenOf(projectId: string, signer: PathSigner): string {
  return Buffer.from(signer.sign(pathTo(projectId))).toString('base64url');
}

/** @throws ServiceError */
function projectIdOf(token: string, signer: PathSigner): string {
  const [path = '', query = ''] = Buffer.from(token, 'base64url').toString('utf8').split('?');
  const parameters = new URLSearchParams(query);
  const [until, mark] = [parameters.get('until') ?? '', parameters.get('mark') ?? ''];
  const id = path.slice(pathTo('').length);
  if (path !== pathTo(id) || !signer.isValid(path, until, mark)) throw invalidToken();
  return id;
}

function invalidToken() {
  return badRequest(
    'BadRequestInvalidImportToken',
    'The token is not one that this engine gave, its two days are over, or its project is gone. ' +
      'A project of another engine is moved by its command "import".',
  );
}

function freeName(store: Store, { name }: Project): string {
  for (let copy = 2; ; copy += 1) {
    const mark = ` (${copy})`;
    const free = `${name.slice(0, limits.nameCharacters - mark.length)}${mark}`;
    if (!store.projects.named(free)) return free;
  }
}
