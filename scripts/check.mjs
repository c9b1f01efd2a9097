// `npm run check [-- --no-tests]`: everything that CI runs, in the order of what fails fastest.
import { ensureGenerated } from './prepare.mjs';
import { installed, root, runOnTerminal, runScript, StepError } from './run.mjs';

const STEPS = [
  ['Format and lint', installed('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.'],
  ['Length of functions', `${root}scripts/function-lengths.mjs`],
  ['Types', installed('typescript/bin/tsc'), '--noEmit'],
  ['Types of the dashboard', installed('typescript/bin/tsc'), '--noEmit', '-p', `${root}src/dashboard`],
  ['Unused code', installed('knip/bin/knip.js')],
  ['Code that only tests use', installed('knip/bin/knip.js'), '--production'],
  ['Generated files', `${root}scripts/generate.mjs`, '--check'],
  ['Schema', installed('eslint/bin/eslint.js'), '--max-warnings', '0', 'schema.graphql'],
  ['Tests', `${root}scripts/test.mjs`],
];

await runScript(async () => {
  await ensureGenerated();
  const withTests = !process.argv.includes('--no-tests');
  for (const [name, ...command] of STEPS) {
    if (name === 'Tests' && !withTests) continue;
    console.log(`— ${name}`);
    const start = performance.now();
    const code = await runOnTerminal(process.execPath, command);
    if (code !== 0) throw new StepError(`Check failed: ${name.toLowerCase()}.`);
    // The tests close with their own line.
    if (name !== 'Tests') console.log(`  ${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
});
