import { runnerImport } from 'vite';
import { projectDir } from './project.mjs';

/** Composes one of the benches' films and writes it down; see bench/films/compose/dump.ts. */
const { module } = await runnerImport('./bench/films/compose/dump.ts', {
  configFile: false,
  root: projectDir,
  logLevel: 'error',
});
process.exit((await module.dumpFilm(process.argv.slice(2))) ? 0 : 1);
