import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

import { detectionFitId } from '../../training/fit-detection.ts';
import { noDetector } from '../../detection/detector.ts';
import type { Finder } from '../../inference/finder.ts';
import { limits } from '../../domain/limits.ts';
import { badRequest, serviceErrors } from '../../domain/service-error.ts';
import type { ServiceError } from '../../domain/service-error.ts';
import type { TrainingType } from '../../store/iteration-store.ts';
import type { Project } from '../../store/project-store.ts';
import type { Store } from '../../store/store.ts';
import { fitId } from '../../training/fit-head.ts';
import { viewsToTrain } from '../../training/augmentation.ts';
import { trainingSetFault } from '../../training/training-fault.ts';
import type { TrainingQueue } from '../../training/training-queue.ts';
import { iterationAnswer } from './answers.ts';
import { inputsOf, jsonBody } from './inputs.ts';
import { isDetection, projectOf } from './lookups.ts';

export interface TrainRoutesOptions {
  readonly store: Store;
  readonly backboneId: string;
  readonly trainingQueue: TrainingQueue;
  /** Undefined where the engine has no detector. */
  readonly finder: Finder | undefined;
}

const trainingTypes = ['Regular', 'Advanced'] as const;

const bodySchema = z.object({
  selectedTags: z.array(z.string()).nullish(),
  customBaseModelInfo: z.unknown().optional(),
});

const reportSchema = z.object({ fitId: z.string(), detectionFitId: z.string().optional() });

/** `POST projects/{projectId}/train` */
export function addTrainRoutes(server: FastifyInstance, options: TrainRoutesOptions): void {
  const { store, backboneId, trainingQueue, finder } = options;
  server.post('/projects/:projectId/train', async (request) => {
    const project = projectOf(store, request.params);
    const inputs = inputsOf(request.query);
    const trainingType = inputs.choice('trainingType', trainingTypes) ?? 'Regular';
    const reservedHours = inputs.whole('reservedBudgetInHours', {
      least: 0,
      most: limits.reservedHours,
      otherwise: 0,
    });
    const isForced = inputs.flag('forceTrain');
    if (inputs.text('notificationEmailAddress') !== undefined) {
      throw notSupported('The engine sends no mail; leave notificationEmailAddress out.');
    }
    checkBody(request.body);
    if (trainingType === 'Advanced' && reservedHours === 0) {
      throw badRequest(
        'BadRequestReservedBudgetInHoursNotEnoughForAdvancedTraining',
        'Advanced training needs reservedBudgetInHours of at least 1.',
      );
    }
    checkProject(store, project, finder !== undefined);
    if (!isForced && isTrainedAlready(store, project, trainingType, backboneId)) {
      throw badRequest('BadRequestTrainingNotNeeded', 'Nothing changed since last training');
    }
    const iteration = store.iterations.begin(project.id, { trainingType, reservedHours });
    trainingQueue.add(iteration);
    return iterationAnswer(iteration);
  });
}

/** Has new photos looked at before anybody asks for their training. */
export function foreseer({
  store,
  trainingQueue,
}: Pick<TrainRoutesOptions, 'store' | 'trainingQueue'>) {
  return (projectId: string, photos: readonly string[]): void => {
    const project = store.projects.get(projectId);
    if (!project || isDetection(project)) return;
    trainingQueue.foresee(photos, viewsToTrain(project.imageCount, 'Regular').length);
  };
}

function checkBody(body: unknown): void {
  // The SDK sends none where it has no parameters, though it says that it is JSON.
  if (!Buffer.isBuffer(body) || body.byteLength === 0) return;
  const { selectedTags, customBaseModelInfo } = jsonBody(body, bodySchema.nullable()) ?? {};
  if (selectedTags && selectedTags.length > 0) {
    throw notSupported('The engine trains all tags of a project; leave selectedTags out.');
  }
  if (customBaseModelInfo !== undefined && customBaseModelInfo !== null) {
    throw notSupported('The engine has one base model; leave customBaseModelInfo out.');
  }
}

function checkProject(store: Store, project: Project, canDetect: boolean): void {
  if (project.status === 'Importing') {
    throw badRequest(
      'BadRequestTrainingValidationFailed',
      'The project is being imported. Wait until its status is Succeeded.',
    );
  }
  const iterations = store.iterations.list(project.id);
  if (iterations.some(({ status }) => status === 'Training')) {
    throw badRequest(
      'BadRequestTrainingAlreadyInProgress',
      'The project is in training already. Wait until that is completed.',
    );
  }
  if (iterations.length >= limits.iterationsPerProject) {
    throw badRequest(
      'BadRequestExceedIterationPerProjectLimit',
      `The project has ${iterations.length} iterations, and no more are allowed. Delete one first.`,
    );
  }
  const { classificationType } = project;
  const forDetection = isDetection(project);
  const tags = store.tags.list(project.id);
  const isExclusive = !forDetection && classificationType === 'Multiclass';
  const severalTags = isExclusive ? store.images.countOfSeveralTags(project.id) : 0;
  const fault = trainingSetFault({
    isDetection: forDetection,
    classificationType,
    tags,
    severalTags,
  });
  if (fault === undefined && !forDetection) return;
  if (!forDetection) {
    const kind = classificationType === 'Multiclass' ? 'MultiClass' : 'MultiLabel';
    throw badRequest(`BadRequest${kind}ClassificationTrainingValidationFailed`, fault ?? '');
  }
  if (tags.some(({ type }) => type === 'Negative')) {
    throw badRequest('BadRequestDetectionTrainingNotAllowNegativeTag', fault ?? '');
  }
  if (fault !== undefined) throw badRequest('BadRequestDetectionTrainingValidationFailed', fault);
  if (!canDetect) throw serviceErrors.notOffered(noDetector);
}

function isTrainedAlready(
  store: Store,
  { id, contentRevision }: Project,
  trainingType: TrainingType,
  backboneId: string,
): boolean {
  return store.iterations
    .list(id)
    .some(
      (iteration) =>
        iteration.status === 'Completed' &&
        iteration.contentRevision === contentRevision &&
        iteration.trainingType === trainingType &&
        iteration.backboneId === backboneId &&
        isFittedAlike(iteration.report),
    );
}

/** By the ways of fitting that this version has. */
function isFittedAlike(report: unknown): boolean {
  const { data } = reportSchema.safeParse(report);
  if (data?.fitId !== fitId) return false;
  return data.detectionFitId === undefined || data.detectionFitId === detectionFitId;
}

function notSupported(message: string): ServiceError {
  return badRequest('BadRequestNotSupported', message);
}
