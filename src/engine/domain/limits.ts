import { availableParallelism } from 'node:os';

const mostInferenceThreads = 8;

/** Every limit of the engine in one table; those of the service are the service's own numbers. */
export const limits = {
  /** The service's limits for a picture to be classified. */
  predictionPictureBytes: 4 * 1024 * 1024,
  trainingPictureBytes: 6 * 1024 * 1024,
  longestSidePixels: 10_240,
  longestToShortestSide: 25,
  /** Ours: a decoded pixel takes 4 bytes, so this bounds one picture to 160 MB. */
  pixels: 40_000_000,

  /**
   * A body a little over the picture's limit is read to its end, so that the answer reaches the
   * client instead of a reset connection; beyond this the connection is refused with 413.
   */
  bodyBytes: 16 * 1024 * 1024,
  /**
   * A batch is read picture by picture, so it may be as large as 64 pictures are in base64; what is
   * not a picture in it may be this large.
   */
  batchBodyBytes: 544 * 1024 * 1024,
  batchTextBytes: 2 * 1024 * 1024,
  urlBodyBytes: 64 * 1024,
  multipartParts: 32,
  multipartPartHeaderBytes: 16 * 1024,

  urlFetchTimeoutMs: 5_000,
  urlFetchRedirects: 3,
  /** Pictures fetched at a time for predictions; the rest wait, and what finds no place gets 429. */
  runningUrlFetches: 16,
  runningUrlFetchesPerHost: 8,
  waitingUrlFetches: 32,

  /**
   * Pictures decoded and recognised at a time, each in a thread of its own with a model of its own;
   * the rest wait, and what finds no place gets 429.
   */
  runningPredictions: Math.min(availableParallelism(), mostInferenceThreads),
  waitingPredictions: 64,
  /** A thread that looks at one picture for so long hangs, and is replaced. */
  inferenceTimeoutMs: 30_000,
  inferenceThreadRetryMs: 1_000,
  /** Until then the first is enough, unless pictures wait for it. */
  otherInferenceThreadsAfterMs: 3_000,
  retryAfterSeconds: 1,

  /** Smaller copies of photos made at a time. */
  runningShrinks: 2,
  waitingShrinks: 256,
  thumbnailPixels: 256,
  /** Not found: how large the service's own is. */
  resizedPixels: 1_024,

  /** Batches of pictures taken in at a time; the rest wait, and what finds no place gets 429. */
  runningUploads: 4,
  waitingUploads: 32,
  /**
   * The same for batches whose pictures are fetched. With `picturesInHand` that is eight fetches in
   * all, as many as a host gets for predictions: no host needs a limit of its own here.
   */
  runningUrlUploads: 2,
  waitingUrlUploads: 8,
  /** Of one batch, read ahead while others are checked and written. */
  picturesInHand: 4,
  /** In all batches: a decoded picture may take 160 MB. */
  runningDecodes: 2,

  /**
   * Performances worked out at a time: each holds all that was held out, which may be hundreds of
   * megabytes, and one thread is not faster at several.
   */
  runningMeasures: 1,
  waitingMeasures: 32,

  /** The service's limits for what a shop keeps. */
  projects: 100,
  imagesPerProject: 100_000,
  tagsPerProject: 500,
  imagesPerBatch: 64,
  tagsPerBatch: 20,
  imageTagsPerBatch: 128,
  suggestionsPerBatch: 64,
  regionsPerBatch: 64,
  imagesPerPage: 256,
  imagesPerPageByDefault: 50,
  metadataPairs: 10,
  metadataKeyCharacters: 128,
  metadataValueCharacters: 256,
  predictionsPerBatch: 64,
  predictionQueryTags: 2,
  /** Ours: the service does not tell its own. */
  nameCharacters: 256,
  descriptionCharacters: 4_096,
  publishNameCharacters: 128,
  tagsPerImage: 100,
  regionsPerImage: 300,

  tagsToTrain: 2,
  photosPerTag: 5,
  photosPerDetectionTag: 15,
  /** A training that takes the engine down with it must not do so for ever. */
  trainingAttempts: 3,
  /** Photos that wait to be looked at before their training; how many at a time. */
  photosForeseen: 5_000,
  photosForeseenAtOnce: 4,
  trainerIdleMs: 10_000,
  reservedHours: 96,
  /** Older ones that are not published make room. */
  iterationsPerProject: 20,
  headsInMemory: 20,

  /** Pictures kept for later teaching, in each project; the oldest make room. */
  storedPredictionsPerProject: 5_000,

  /** For each key at each address; keys that are wrong have a bucket of their own. */
  predictionsPerSecond: 200,
  predictionBurst: 400,
  trainingCallsPerSecond: 200,
  trainingBurst: 1_000,
  wrongKeysPerSecond: 5,
  wrongKeyBurst: 50,

  connections: 512,
  /** Else whoever opens them all, for which no key is needed, would keep all others out. */
  connectionsPerAddress: 256,
  /** Bodies that are being received or worked on, all together. */
  bodyMemoryBytes: 256 * 1024 * 1024,
  /** After the grace a body must have come at this pace, or it is refused with 408. */
  bodyGraceMs: 15_000,
  bodyBytesPerSecond: 16 * 1024,
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 15 * 60_000,
  timeoutCheckMs: 5_000,
  /** A connection on which nothing moves, such as of a client that does not read its answer. */
  silentConnectionMs: 120_000,

  /** Moving a project in from a service that may be slow, busy and far. */
  moveCallTimeoutMs: 60_000,
  moveSilenceMs: 15_000,
  moveFirstTries: 3,
  moveTries: 8,
  moveWaitMs: 60_000,
  moveDownloadsAtOnce: 6,
  /** Held in memory together while they come. */
  movePhotosAtOnce: 12,

  databaseBusyTimeoutMs: 5_000,
  /** Looking through a larger database would keep the start waiting. */
  databaseCheckBytes: 512 * 1024 * 1024,
  /** A second engine waits so long for the first one's folder: it may be on its way out. */
  dataLockTimeoutMs: 2_000,
  closeTimeoutMs: 5_000,
  /** Threads that did not end by then hold the process up for so long, which then is killed. */
  hangingThreadsMs: 10_000,
  stoppingRetryAfterSeconds: 5,
  trainingAgainRetryAfterSeconds: 15,

  /** Photos are looked through one by one after the start, then once a day. */
  photoCheckPauseMs: 20,
  photoRecheckMs: 60_000,
  photoCheckRestMs: 86_400_000,

  /** With less room than this on the disk the engine is not well. */
  diskSpareBytes: 512 * 1024 * 1024,
  healthKeptMs: 5_000,
  /** `/metrics` tells of the last one to two of these how late timers came. */
  delayWindowMs: 30_000,
  certificateWarningMs: 14 * 86_400_000,
  certificateCheckMs: 30_000,
} as const;

/** Those that an operator may set otherwise for one engine. */
export const adjustableLimits = [
  'predictionsPerSecond',
  'predictionBurst',
  'trainingCallsPerSecond',
  'trainingBurst',
  'runningPredictions',
  'waitingPredictions',
  'connections',
  'connectionsPerAddress',
  'bodyMemoryBytes',
  'storedPredictionsPerProject',
  'diskSpareBytes',
] as const satisfies readonly (keyof typeof limits)[];

export type AdjustableLimits = Readonly<Record<(typeof adjustableLimits)[number], number>>;
