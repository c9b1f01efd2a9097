// `npm run db:diff NAME`: writes the migration that leads from the last one to prisma/schema.prisma.
import { ensureInstalled } from './prepare.mjs';
import { root, runOnTerminal, runScript } from './run.mjs';

await runScript(async () => {
  await ensureInstalled();
  return runOnTerminal(process.execPath, [
    '--import',
    'tsx',
    `${root}scripts/write-migration.ts`,
    ...process.argv.slice(2),
  ]);
});
