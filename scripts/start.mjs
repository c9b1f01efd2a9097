// `npm start [-- OPTIONS]`: prepares what is missing and serves, in this process: one Ctrl-C reaches one
// program, and its exit code is ours.
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './prepare.mjs';
import { root, runScript } from './run.mjs';

await runScript(async () => {
  await ensureBuilt();
  if (process.env.npm_lifecycle_event === 'start') endWithNpm();
  // Before anything is loaded: GraphQL's own checks for developers cost time with every answer.
  process.env.NODE_ENV ??= 'production';
  const main = `${root}dist/main.js`;
  process.argv = [process.argv[0], main, 'serve', ...process.argv.slice(2)];
  await import(pathToFileURL(main).href);
});

/** npm passes a signal on to the shell that it has started us by, which ends without a word to us. */
function endWithNpm() {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, 500).unref();
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ]) {
    process.on(signal, () => {
      // A second signal would end at once what this one ends.
      clearInterval(watch);
      // The program does not listen yet.
      if (process.listenerCount(signal) === 1) process.exit(code);
    });
  }
}
