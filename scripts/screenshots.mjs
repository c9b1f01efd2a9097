// `npm run screenshots [-- DIRECTORY] [-- --docs] [-- --views=tasks,task]`: every view of the dashboard, in both themes, wide and narrow, filled, empty and
// failing, as PNGs; and the few that README.md and docs/ show, as WebP in docs/images (--docs: only those).
import { ensureBuilt } from './prepare.mjs';
import { root, runOnTerminal, runScript } from './run.mjs';

await runScript(async () => {
  await ensureBuilt();
  const args = ['--import', 'tsx', `${root}scripts/screenshots/main.ts`, ...process.argv.slice(2)];
  process.exitCode = await runOnTerminal(process.execPath, args);
});
