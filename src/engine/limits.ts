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
  urlBodyBytes: 64 * 1024,
  multipartParts: 32,
  multipartPartHeaderBytes: 16 * 1024,

  urlFetchTimeoutMs: 5_000,
  urlFetchRedirects: 3,

  /** Pictures decoded and recognised at a time; the rest wait, and what finds no place gets 429. */
  runningPredictions: 2,
  waitingPredictions: 64,
  retryAfterSeconds: 1,

  /** The service's limits for what a shop keeps. */
  projects: 100,
  imagesPerProject: 100_000,
  tagsPerProject: 500,
  imagesPerBatch: 64,
  tagsPerBatch: 20,
  imageTagsPerBatch: 128,
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

  requestTimeoutMs: 30_000,
  databaseBusyTimeoutMs: 5_000,
  closeTimeoutMs: 5_000,
} as const;
