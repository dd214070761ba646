import { createReadStream } from 'node:fs';

import type { FastifyInstance, FastifyRequest } from 'fastify';

import { exportablePlatforms } from '../../domain/domains.ts';
import { flavors } from '../../export/model-exports.ts';
import type { Flavor, ModelExport, ModelExports } from '../../export/model-exports.ts';
import { badRequest, serviceErrors } from '../../domain/service-error.ts';
import type { Store } from '../../store/store.ts';
import { originOf } from '../signed-paths.ts';
import type { PathSigner } from '../signed-paths.ts';
import { inputsOf } from './inputs.ts';
import type { Inputs } from './inputs.ts';
import { domainOf, isDetection, iterationOf, projectOf } from './lookups.ts';

export interface ExportRoutesOptions {
  readonly store: Store;
  readonly modelExports: ModelExports;
  readonly signer: PathSigner;
}

export function addExportRoutes(server: FastifyInstance, options: ExportRoutesOptions): void {
  const { store, modelExports, signer } = options;
  const path = '/projects/:projectId/iterations/:iterationId/export';

  server.post(path, async (request) => {
    const project = projectOf(store, request.params);
    const iteration = iterationOf(store, project, request.params);
    const inputs = inputsOf(request.query);
    if (isDetection(iteration)) throw noDetectionExport();
    const domain = domainOf(iteration);
    checkPlatform(inputs, domain ? exportablePlatforms(domain) : []);
    const flavor = inputs.choice('flavor', flavors, 'ErrorExporterInvalidPlatform') ?? null;
    const begun = await modelExports.begin({ project, iteration, flavor });
    return exportAnswer(begun, iteration.id, signer, request);
  });

  server.get(path, async (request) => {
    const project = projectOf(store, request.params);
    const iteration = iterationOf(store, project, request.params);
    const found = await modelExports.list(iteration.id);
    return found.map((each) => exportAnswer(each, iteration.id, signer, request));
  });
}

/** The packages themselves, by signed paths alone: who downloads one has no key. */
export function addExportDownloads(
  server: FastifyInstance,
  { modelExports, signer }: Omit<ExportRoutesOptions, 'store'>,
): void {
  server.get<{ Params: { iterationId: string; name: string } }>(
    '/exports/:iterationId/:name',
    { config: { operation: 'page' } },
    async ({ params, query }, reply) => {
      const inputs = inputsOf(query);
      const [until, mark] = [inputs.text('until') ?? '', inputs.text('mark') ?? ''];
      const path = `/exports/${params.iterationId}/${params.name}`;
      const flavor = [null, ...flavors].find((each) => fileName(each) === params.name);
      if (flavor === undefined || !signer.isValid(path, until, mark)) {
        throw serviceErrors.pathNotFound();
      }
      const file = await modelExports.file(params.iterationId, flavor);
      if (!file) throw serviceErrors.pathNotFound();
      void reply.header('Content-Type', 'application/zip');
      void reply.header('Content-Length', String(file.bytes));
      void reply.header('Content-Disposition', `attachment; filename="${params.name}"`);
      return reply.send(createReadStream(file.path));
    },
  );
}

function fileName(flavor: Flavor | null): string {
  return `${flavor ?? 'ONNX'}.zip`;
}

function checkPlatform(inputs: Inputs, platforms: readonly string[]): void {
  const platform = inputs.required('platform');
  if (platforms.some((each) => each.toLowerCase() === platform.toLowerCase())) return;
  const offered = platforms.length > 0 ? platforms.join(', ') : 'no platform';
  throw badRequest(
    'ErrorExporterInvalidPlatform',
    `The engine exports this iteration to ${offered}, not to "${platform}".`,
  );
}

function noDetectionExport() {
  return badRequest(
    'ErrorExporterInvalidPlatform',
    'The engine does not export iterations that detect objects: two models find and name them one ' +
      'after the other, with steps in between that no ONNX file holds. Ask the engine itself ' +
      'instead; the project can be moved to another one by the commands export and import.',
  );
}

function exportAnswer(
  { flavor, status }: ModelExport,
  iterationId: string,
  signer: PathSigner,
  request: FastifyRequest,
) {
  const path = signer.sign(`/exports/${iterationId}/${fileName(flavor)}`);
  return {
    platform: 'ONNX',
    status,
    downloadUri: status === 'Done' ? `${originOf(request)}${path}` : null,
    flavor,
    newerVersionAvailable: false,
  };
}
