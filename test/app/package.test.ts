/** What the package holds, as npm would pack it. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { buildProgram } from './program.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

beforeAll(buildProgram);

it('has all that it points to, and the migrations, and no more than is needed', async () => {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json'], { cwd: ROOT });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path);
  const { bin, exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  for (const target of [
    ...Object.values(bin),
    ...Object.values(exports).flatMap((one) =>
      typeof one === 'string' ? [one] : Object.values(one as object),
    ),
  ]) {
    expect(paths).toContain((target as string).slice(2));
  }
  expect(paths.filter((path) => path.endsWith('/migration.sql')).length).toBeGreaterThan(5);
  expect(paths.filter((path) => /^(src|test|bench|scripts)\//.test(path))).toEqual([]);
});

it('has source maps that name the sources, and hold them', () => {
  for (const program of ['main', 'client/handle', 'client/worker/worker']) {
    const file = join(ROOT, 'dist', `${program}.js.map`);
    const { sources, sourcesContent } = JSON.parse(readFileSync(file, 'utf8'));
    const source = join(ROOT, 'src', `${program}.ts`);
    expect(sources.map((path: string) => resolve(dirname(file), path))).toEqual([source]);
    expect(sourcesContent).toEqual([readFileSync(source, 'utf8')]);
  }
});
