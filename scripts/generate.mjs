// `npm run generate [-- --check]`: the database client, schema.graphql from the code, and the types of every
// operation from schema.graphql. With --check nothing is written: it fails and names the files that are stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ensureGenerated } from './prepare.mjs';
import { installed, root, run, runScript, StepError } from './run.mjs';

const SCHEMA = `${root}schema.graphql`;
const CODEGEN = [installed('@graphql-codegen/cli/esm/bin.js'), '--config', 'codegen.ts', '--errors-only'];

await runScript(async () => {
  const check = process.argv.includes('--check');
  await ensureGenerated();
  const printed = await run('Printing the schema', process.execPath, [
    '--import',
    'tsx',
    `${root}scripts/print-schema.ts`,
  ]);
  const stale = !existsSync(SCHEMA) || readFileSync(SCHEMA, 'utf8') !== printed;
  if (check && stale)
    throw outdated(['schema.graphql (and perhaps src/client/generated, which is made from it)']);
  if (stale) writeFileSync(SCHEMA, printed);
  if (check) await checkOperationTypes();
  else await run('Generating the types of the operations', process.execPath, CODEGEN);
  console.log(
    check ? 'Generated files are up to date.' : 'Generated schema.graphql and src/client/generated.',
  );
});

async function checkOperationTypes() {
  try {
    await run('Generating the types of the operations', process.execPath, [...CODEGEN, '--check']);
  } catch (error) {
    const files = [...error.output.matchAll(/^[\s,]*- (.+)$/gm)].map(([, file]) => file.replace(root, ''));
    throw files.length > 0 ? outdated(files) : error;
  }
}

function outdated(files) {
  return new StepError(
    `These files are not what the code gives; run "npm run generate":\n  ${files.join('\n  ')}`,
  );
}
