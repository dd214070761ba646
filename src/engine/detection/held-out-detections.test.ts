import { expect, test } from 'vitest';

import { decodeHeldOut, encodeHeldOut } from '../training/validation.ts';
import { decodeDetections, encodeDetections } from './held-out-detections.ts';

test('what was found in a photo is read as it was kept', () => {
  const detections = [
    { tag: 300, probability: 0.5, box: { left: 0.25, top: 0.125, width: 0.5, height: 0.75 } },
    { tag: 0, probability: 0.25, box: { left: 0, top: 0, width: 1, height: 1 } },
  ];
  for (const some of [[], detections.slice(1), detections]) {
    const kept = encodeDetections({ fold: 2, detections: some });
    expect(decodeDetections(kept)).toEqual({ fold: 2, detections: some });
    for (let tags = 0; tags < 20; tags += 1) expect(decodeHeldOut(kept, tags)).toBeUndefined();
  }
});

test('the validation of a classification is not taken for one', () => {
  for (let tags = 1; tags < 60; tags += 1) {
    const probabilities = Array.from({ length: tags }, () => 0.5);
    expect(decodeDetections(encodeHeldOut({ fold: 1, probabilities }))).toBeUndefined();
  }
});
