/** How much work a training makes of the same photos. */
export interface TrainingPreset {
  /** Parts that are held out in turn. */
  readonly folds: number;
  /** Tried in turn, the strongest first. */
  readonly penalties: readonly number[];
  /** Views of each photo that are trained on while parts are held out. */
  readonly viewsInFolds: number;
}

export const presets = {
  Regular: { folds: 3, penalties: [3e-3, 1e-3, 3e-4], viewsInFolds: 3 },
  Advanced: { folds: 5, penalties: [5e-3, 2e-3, 1e-3, 5e-4, 2e-4, 1e-4], viewsInFolds: 8 },
} as const satisfies Record<string, TrainingPreset>;
