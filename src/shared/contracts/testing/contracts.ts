import { capture } from '../capture.ts';
import type { Contract } from '../contract.ts';
import { demo } from '../demo.ts';
import { scene } from '../scene.ts';
import { shopper } from '../shopper.ts';
import { staff } from '../staff.ts';

/** Every audience's, for tests of what holds for all of them. */
export const contracts: readonly Contract[] = [shopper, demo, capture, scene, staff];
