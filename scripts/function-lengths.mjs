// `node scripts/function-lengths.mjs`: no function of src/ and scripts/ has more than 80 lines, the functions within it
// included, which the rule of the linter leaves out. Blank lines are not counted. A table may be longer: an arrow function
// that is nothing but an object literal, one entry a line.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript-api';
import { root, runScript, StepError } from './run.mjs';

const MAX_LINES = 80;
const CHECKED = ['src', 'scripts'];

await runScript(async () => {
  const found = CHECKED.flatMap((directory) =>
    readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !path.split(/[\\/]/).includes('generated'))
      .flatMap((path) => longFunctionsOf(join(directory, path))),
  );
  for (const { path, line, name, lines } of found)
    console.error(`${path}:${line} ${name} has ${lines} lines`);
  if (found.length > 0) throw new StepError(`A function has at most ${MAX_LINES} lines.`);
});

function longFunctionsOf(path) {
  const text = readFileSync(join(root, path), 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const all = text.split('\n');
  const found = [];
  const visit = (node) => {
    if (ts.isFunctionLike(node) && node.body && !isTable(node)) {
      const [first, last] = [node.body.getStart(), node.body.getEnd()].map(
        (at) => source.getLineAndCharacterOfPosition(at).line,
      );
      const lines = all.slice(first, last + 1).filter((line) => line.trim() !== '').length;
      if (lines > MAX_LINES) found.push({ path, line: first + 1, name: nameOf(node), lines });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isTable({ body }) {
  return ts.isParenthesizedExpression(body) && ts.isObjectLiteralExpression(body.expression);
}

function nameOf(node) {
  return (node.name ?? node.parent.name)?.getText() ?? 'a function';
}
