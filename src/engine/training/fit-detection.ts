import type { Box } from '../domain/box.ts';
import { presets } from './preset.ts';
import { fitHead } from './fit-head.ts';
import type { FitReport, FitTask, TrainingPhoto } from './fit-head.ts';
import { foldsOfSets } from './folds.ts';
import type { HeadTag, MulticlassHead } from './head.ts';
import { seededRandom } from '../../shared/seeded-random.ts';
import { seed } from './training-rows.ts';
import { overlapOf } from '../../shared/overlap.ts';
import type { PhotoCrops } from '../detection/crop-features.ts';
import type { HeldOutDetections } from '../detection/held-out-detections.ts';
import { nameProposals } from '../detection/name-proposals.ts';

/** A photo, what lies there, and how its parts look. */
export interface TrainingTray {
  readonly regions: readonly { readonly label: number; readonly box: Box }[];
  readonly crops: PhotoCrops;
}

export interface DetectionFit {
  /** Its last tag is the background. */
  readonly head: MulticlassHead;
  readonly report: FitReport;
  /** One for each photo, in their order. */
  readonly heldOut: readonly HeldOutDetections[];
}

/** Changes whenever the same photos would give another head. */
export const detectionFitId = 'detection-1';

/** What belongs to no tag: an id that no tag of a project can have. */
export const background: HeadTag = { id: 'background', name: '', type: 'Negative' };

/** A proposal that overlaps a region by so much shows its thing. */
const leastOverlapOfThing = 0.5;
/** With more photos fewer parts of each are looked at, so that the fit stays as long. */
const cropsAtMost = 12_000;
const fewestProposals = 8;

interface Part extends TrainingPhoto {
  readonly photo: number;
  /** Which proposal of the photo it is; a region has none. */
  readonly proposal: number | null;
}

/**
 * A head that names parts of photos, one name being "nothing": the regions are taught as their tags,
 * and what the detector proposes as the region that it shows, or as background.
 */
export function fitDetection(task: FitTask<TrainingTray>): DetectionFit {
  const { photos, tags, preset = presets.Regular } = task;
  const most = Math.max(fewestProposals, Math.floor(cropsAtMost / Math.max(photos.length, 1)));
  const parts = photos.flatMap((tray, photo) => partsOf(tray, photo, tags.length, most));
  const folds = foldsOfSets(
    photos.map(({ regions }) => [...new Set(regions.map(({ label }) => label))]),
    preset.folds,
    seededRandom(seed),
  );
  const { head, report, heldOut } = fitHead({
    ...task,
    tags: [...tags, background],
    photos: parts,
    foldOf: parts.map(({ photo }) => folds[photo]!),
  });

  const named = photos.map((): Parameters<typeof nameProposals>[0][number][] => []);
  parts.forEach(({ photo, proposal }, index) => {
    const found = proposal === null ? undefined : photos[photo]!.crops.proposals[proposal];
    // Parts that nobody proposed only teach.
    if (!found || found.objectness === 0) return;
    const { box, objectness } = found;
    const probabilities = heldOut[index]!.probabilities.slice(0, tags.length);
    named[photo]!.push({ box, objectness, probabilities });
  });
  return {
    head,
    report,
    heldOut: named.map((proposals, photo) => ({
      fold: folds[photo]!,
      detections: nameProposals(proposals),
    })),
  };
}

function partsOf(
  { regions, crops }: TrainingTray,
  photo: number,
  backgroundLabel: number,
  most: number,
): Part[] {
  const taught = regions.map(({ label }, region): Part => ({
    label,
    views: crops.regions[region]!,
    photo,
    proposal: null,
  }));
  const proposed = crops.proposals.map(({ box, features }, proposal): Part => {
    const overlaps = regions.map((region) => overlapOf(region.box, box));
    const best = Math.max(-1, ...overlaps);
    const label =
      best >= leastOverlapOfThing ? regions[overlaps.indexOf(best)]!.label : backgroundLabel;
    return { label, views: [features], photo, proposal };
  });
  // The strongest come first, and those that nobody proposed last.
  return [...taught, ...proposed.slice(0, most), ...proposed.slice(most).slice(-1)];
}
