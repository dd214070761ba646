/** What the app asks of the engine's process. */
export interface EngineCalls {
  /** First of all, and once; fails where it cannot start, after which it ends. */
  start(options: EngineStart): EngineAccess;
  /** Answered at once by an engine whose event loop turns. */
  alive(): null;
  /** Never answered; each fault of an engine that goes on is a progress of it. */
  faults(): null;
  /** Answered never: the process ends when all is closed. */
  stop(): null;
}

/** Something went wrong; it goes on. */
export interface EngineFault {
  readonly message: string;
}

export interface EngineStart {
  readonly dataDir: string;
  readonly modelDir?: string;
  /** It writes no log where it is not given. */
  readonly logFile?: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly host?: string;
  readonly trainingKey?: string;
  readonly predictionKey?: string;
  readonly allowUrlFetch?: boolean;
  readonly threads?: number;
}

/** What a client must know to use the engine. */
export interface EngineAccess {
  readonly endpoint: string;
  readonly predictionKey: string;
  readonly trainingKey: string;
  readonly projects: readonly {
    readonly id: string;
    readonly name: string;
    readonly publishedNames: readonly string[];
  }[];
}
