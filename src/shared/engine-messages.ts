/** What the app tells the engine's process; the first message starts it. */
export type EngineRequest = EngineStart | { readonly kind: 'stop' };

export interface EngineStart {
  readonly kind: 'start';
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

/** What the engine's process tells the app. */
export type EngineMessage =
  | ({ readonly kind: 'ready' } & EngineAccess)
  /** It did not start, and ends. */
  | { readonly kind: 'failed'; readonly message: string }
  /** Something went wrong; it goes on. */
  | { readonly kind: 'fault'; readonly message: string };

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
