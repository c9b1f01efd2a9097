// `npm run sample [-- SECONDS]`: fills the server at SIGNALBOX_URL with a few hundred tasks in every status, and goes on
// working on them for so long. For a development server: what it submits stays.
import { ensureInstalled } from './prepare.mjs';
import { root, runOnTerminal, runScript, StepError } from './run.mjs';

await runScript(async () => {
  await ensureInstalled();
  if (!process.env.SIGNALBOX_ADMIN_TOKEN) {
    throw new StepError(
      'Set SIGNALBOX_ADMIN_TOKEN to the token of the server, and SIGNALBOX_URL where it is not at http://127.0.0.1:4000.',
    );
  }
  const args = ['--import', 'tsx', `${root}scripts/sample/main.ts`, ...process.argv.slice(2)];
  process.exitCode = await runOnTerminal(process.execPath, args);
});
