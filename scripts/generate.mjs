// `npm run generate [-- --check]`: the database client, what is spelled out of the fields of a task, schema.graphql from
// the code, the types of every operation from schema.graphql, the types that interfaces and unions have, and the lists of
// the operations of the SDK and the dashboard. With --check nothing is written: it fails and names the files that are stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ensureGenerated } from './prepare.mjs';
import { installed, root, run, runScript, StepError } from './run.mjs';

const SCHEMA = `${root}schema.graphql`;
const DOCUMENTS = ['sdk', 'dashboard'];
const TASK_FIELDS = {
  rows: 'src/store/tasks/generated/task-fields.ts',
  tuple: 'src/events/messages/generated/task-tuple.ts',
};
const CODEGEN = [installed('@graphql-codegen/cli/esm/bin.js'), '--config', 'codegen.ts', '--errors-only'];

await runScript(async () => {
  const check = process.argv.includes('--check');
  await ensureGenerated();
  // First: the code that the schema is printed from imports it.
  for (const [name, file] of Object.entries(TASK_FIELDS)) {
    const printed = await print('the fields of a task', 'print-task-fields.ts', name);
    if (check && isStale(root + file, printed)) throw outdated([file]);
    if (isStale(root + file, printed)) writeFileSync(root + file, printed);
  }
  const printedSchema = await print('the schema', 'print-schema.ts');
  if (check && isStale(SCHEMA, printedSchema))
    throw outdated([
      'schema.graphql (and perhaps src/client/generated and src/dashboard/generated, which are made from it)',
    ]);
  if (isStale(SCHEMA, printedSchema)) writeFileSync(SCHEMA, printedSchema);
  if (check) await checkOperationTypes();
  else await run('Generating the types of the operations', process.execPath, CODEGEN);
  keep('possible-types.json', await print('the possible types', 'print-possible-types.ts'), check);
  for (const name of DOCUMENTS) {
    const printed = await print(`the documents of the ${name}`, 'print-documents.ts', name);
    keep(`${name}-documents.json`, printed, check);
  }
  console.log(
    check
      ? 'Generated files are up to date.'
      : 'Generated the fields of a task, schema.graphql, the types of the operations, and the lists of documents.',
  );
});

/** Writes what was printed where the file has something else; checking, throws. */
function keep(name, printed, check) {
  if (!isStale(root + name, printed)) return;
  if (check) throw outdated([name]);
  writeFileSync(root + name, printed);
}

function print(what, script, ...args) {
  return run(`Printing ${what}`, process.execPath, ['--import', 'tsx', `${root}scripts/${script}`, ...args]);
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
