// `npm run generate [-- --check]`: the database client, schema.graphql from the code, the types of every operation from
// schema.graphql, and the list of the SDK's operations. With --check nothing is written: it fails and names the files
// that are stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ensureGenerated } from './prepare.mjs';
import { installed, root, run, runScript, StepError } from './run.mjs';

const SCHEMA = `${root}schema.graphql`;
const DOCUMENTS = `${root}sdk-documents.json`;
const CODEGEN = [installed('@graphql-codegen/cli/esm/bin.js'), '--config', 'codegen.ts', '--errors-only'];

await runScript(async () => {
  const check = process.argv.includes('--check');
  await ensureGenerated();
  const printedSchema = await print('the schema', 'print-schema.ts');
  if (check && isStale(SCHEMA, printedSchema))
    throw outdated(['schema.graphql (and perhaps src/client/generated, which is made from it)']);
  if (isStale(SCHEMA, printedSchema)) writeFileSync(SCHEMA, printedSchema);
  if (check) await checkOperationTypes();
  else await run('Generating the types of the operations', process.execPath, CODEGEN);
  const printedDocuments = await print('the documents of the SDK', 'print-documents.ts');
  if (check && isStale(DOCUMENTS, printedDocuments)) throw outdated(['sdk-documents.json']);
  if (isStale(DOCUMENTS, printedDocuments)) writeFileSync(DOCUMENTS, printedDocuments);
  console.log(
    check
      ? 'Generated files are up to date.'
      : 'Generated schema.graphql, src/client/generated and sdk-documents.json.',
  );
});

function print(what, script) {
  return run(`Printing ${what}`, process.execPath, ['--import', 'tsx', `${root}scripts/${script}`]);
}

function isStale(file, printed) {
  return !existsSync(file) || readFileSync(file, 'utf8') !== printed;
}

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
