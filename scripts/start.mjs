// `npm start [-- OPTIONS]`: prepares what is missing and serves, in this process: one Ctrl-C reaches one
// program, and its exit code is ours.
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './prepare.mjs';
import { root, runScript } from './run.mjs';

await runScript(async () => {
  await ensureBuilt();
  // Before anything is loaded: GraphQL's own checks for developers cost time with every answer.
  process.env.NODE_ENV ??= 'production';
  const main = `${root}dist/main.js`;
  process.argv = [process.argv[0], main, 'serve', ...process.argv.slice(2)];
  await import(pathToFileURL(main).href);
});
