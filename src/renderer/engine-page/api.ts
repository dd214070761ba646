/** The training API's answers, as far as the page shows them. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly lastModified: string;
  readonly settings: { readonly domainId: string; readonly classificationType: string };
}

export interface Domain {
  readonly id: string;
  readonly type: 'Classification' | 'ObjectDetection';
}

export interface Tag {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly imageCount: number;
}

/** In a detection project: fractions of the picture. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Photo {
  readonly id: string;
  readonly created: string;
  readonly width: number;
  readonly height: number;
  readonly originalImageUri: string;
  readonly thumbnailUri: string;
  readonly tags?: readonly { readonly tagId: string; readonly tagName: string }[];
  readonly regions?: readonly (Box & { readonly tagName: string })[];
}

export interface Iteration {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly created: string;
  readonly trainedAt?: string | null;
  readonly publishName?: string | null;
  readonly trainingErrorDetails?: string | null;
}

interface Rates {
  readonly precision: number;
  readonly recall: number;
  readonly averagePrecision: number;
}

export interface Performance extends Rates {
  readonly perTagPerformance: readonly (Rates & { readonly id: string; readonly name: string })[];
}

export interface Confusion {
  readonly tags: readonly { readonly id: string; readonly name: string }[];
  /** A row for each tag that a photo has; a column for each it was taken for, the last is none. */
  readonly rows: readonly (readonly number[])[];
}

export interface Prediction {
  readonly tagId: string;
  readonly tagName: string;
  readonly probability: number;
  readonly boundingBox?: Box;
}

/** An answer other than success; `status` is 0 where there was none at all. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export type PhotoFilter =
  { readonly kind: 'all' | 'untagged' } | { readonly kind: 'tag'; readonly tagId: string };

export interface TrainingApi {
  readonly projects: () => Promise<readonly Project[]>;
  readonly domains: () => Promise<readonly Domain[]>;
  readonly project: (projectId: string) => Promise<Project>;
  readonly tags: (projectId: string) => Promise<readonly Tag[]>;
  readonly iterations: (projectId: string) => Promise<readonly Iteration[]>;
  readonly photos: (
    projectId: string,
    filter: PhotoFilter,
    page: { readonly take: number; readonly skip: number },
  ) => Promise<readonly Photo[]>;
  readonly countPhotos: (projectId: string, untaggedOnly: boolean) => Promise<number>;
  readonly performance: (
    projectId: string,
    iterationId: string,
    threshold: number,
  ) => Promise<Performance>;
  readonly confusion: (
    projectId: string,
    iterationId: string,
    threshold: number,
  ) => Promise<Confusion>;
  readonly train: (projectId: string) => Promise<Iteration>;
  readonly publish: (projectId: string, iterationId: string, name: string) => Promise<void>;
  readonly unpublish: (projectId: string, iterationId: string) => Promise<void>;
  readonly quickTest: (
    projectId: string,
    iterationId: string,
    picture: Blob,
  ) => Promise<readonly Prediction[]>;
}

const base = '/customvision/v3.4/training/';

/** @throws ApiError from each of its methods */
export function createTrainingApi(key: string): TrainingApi {
  const ask = async <T>(
    path: string,
    query: Readonly<Record<string, string | number | boolean>> = {},
    { method = 'GET', body }: { readonly method?: string; readonly body?: Blob } = {},
  ): Promise<T> => {
    const search = new URLSearchParams(
      Object.entries(query).map(([name, value]) => [name, String(value)]),
    );
    let response: Response;
    try {
      response = await fetch(`${base}${path}?${search.toString()}`, {
        method,
        headers: {
          'Training-Key': key,
          ...(body === undefined ? {} : { 'Content-Type': 'application/octet-stream' }),
        },
        ...(body === undefined ? {} : { body }),
      });
    } catch {
      throw new ApiError(0, 'Unreachable', 'The engine does not answer.');
    }
    if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
    throw await errorOf(response);
  };
  const of = (projectId: string, rest = ''): string =>
    `projects/${encodeURIComponent(projectId)}${rest}`;
  return {
    projects: () => ask('projects'),
    domains: () => ask('domains'),
    project: (projectId) => ask(of(projectId)),
    tags: (projectId) => ask(of(projectId, '/tags')),
    iterations: (projectId) => ask(of(projectId, '/iterations')),
    photos: (projectId, filter, page) => {
      switch (filter.kind) {
        case 'all':
          return ask(of(projectId, '/images'), { ...page });
        case 'untagged':
          return ask(of(projectId, '/images/untagged'), { ...page });
        case 'tag':
          return ask(of(projectId, '/images/tagged'), { tagIds: filter.tagId, ...page });
      }
    },
    countPhotos: (projectId, untaggedOnly) =>
      ask(
        of(projectId, '/images/count'),
        untaggedOnly ? { taggingStatus: 'Untagged' } : { taggingStatus: 'All' },
      ),
    performance: (projectId, iterationId, threshold) =>
      ask(of(projectId, `/iterations/${iterationId}/performance`), {
        threshold,
        overlapThreshold: 0.5,
      }),
    confusion: (projectId, iterationId, threshold) =>
      ask(of(projectId, `/iterations/${iterationId}/confusion`), { threshold }),
    train: (projectId) => ask(of(projectId, '/train'), {}, { method: 'POST' }),
    publish: (projectId, iterationId, name) =>
      ask(
        of(projectId, `/iterations/${iterationId}/publish`),
        { publishName: name, predictionId: 'local', overwrite: true },
        { method: 'POST' },
      ),
    unpublish: (projectId, iterationId) =>
      ask(of(projectId, `/iterations/${iterationId}/publish`), {}, { method: 'DELETE' }),
    quickTest: async (projectId, iterationId, picture) => {
      const answer = await ask<{ readonly predictions: readonly Prediction[] }>(
        of(projectId, '/quicktest/image'),
        { iterationId, store: false },
        { method: 'POST', body: picture },
      );
      return answer.predictions;
    },
  };
}

async function errorOf(response: Response): Promise<ApiError> {
  let answer: unknown;
  try {
    answer = await response.json();
  } catch {
    answer = null;
  }
  const { code, message } = { code: '', message: '', ...(answer as object | null) };
  return new ApiError(response.status, String(code), String(message) || response.statusText);
}
