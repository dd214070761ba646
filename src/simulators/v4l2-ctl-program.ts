import { readFileSync, writeFileSync } from 'node:fs';
import { simulateV4l2Ctl } from './v4l2-ctl.ts';
import type { SimulatedCamera } from './v4l2-ctl.ts';

/** The simulator as a program: the camera is a file, which it reads and leaves changed. */
const file = process.env['V4L2_SIMULATOR_FILE'] ?? '';
// Written by the same test that starts this program.
const camera = JSON.parse(readFileSync(file, 'utf8')) as SimulatedCamera;
const result = simulateV4l2Ctl(camera, process.argv.slice(2));
writeFileSync(file, JSON.stringify(result.camera));
process.stdout.write(result.stdout);
process.stderr.write(result.stderr);
if (result.hangs) setInterval(() => undefined, 60_000);
else process.exitCode = result.exitCode;
