/** The demo's worker and submitter as processes of their own, as `npm run demo` starts them. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, startApp, type TestApp } from '../support/app.ts';
import { createTestDatabase } from '../support/database.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/index-source', import.meta.url));

describe('the demo', () => {
  let root: string;
  let app: TestApp;
  let worker: ChildProcess;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'signalbox-demo-'));
    const files = {
      'src/a.ts': 'export const a = 1;\nexport const b = 2;\n',
      'src/deep/c.ts': 'export class C {}\n',
      'docs/guide.md': '# Guide\n\nText.\n',
      'README.md': '# Read me\n',
    };
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
    const { db } = await createTestDatabase('pglite');
    app = await startApp({ database: db });
    worker = start('worker.ts', root);
    await new Promise((resolve) => worker.once('message', resolve));
  });

  afterAll(async () => {
    const ended = new Promise((resolve) => worker.once('close', resolve));
    worker.kill('SIGTERM');
    expect(await ended).toBe(0);
    await app.stop();
    await rm(root, { recursive: true, force: true });
  });

  function start(program: string, directory: string): ChildProcess {
    return fork(join(EXAMPLE, program), [directory], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, SIGNALBOX_URL: app.url, SIGNALBOX_ADMIN_TOKEN: ADMIN_TOKEN },
    });
  }

  /** Runs the submitter to its end. */
  async function submit(directory: string): Promise<{ code: number; output: string }> {
    const child = start('submit.ts', directory);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    const code = await new Promise<number>((resolve) => child.once('close', resolve));
    return { code, output };
  }

  it('indexes a directory with a task for each part, and shows lines where there is no terminal', async () => {
    const { code, output } = await submit(root);
    expect({ code, output }).toMatchObject({ code: 0 });
    for (const part of ['docs/', 'src/', './*']) {
      expect(output).toContain(`${part}: running\n`);
      expect(output).toContain(`${part}: done\n`);
    }
    expect(output).toMatch(/^docs\/ +1 +3 +0 +Markdown 100 %$/m);
    expect(output).toMatch(/^src\/ +2 +3 +3 +TypeScript 100 %$/m);
    expect(output).toMatch(/^total +4 +7 +3 +Markdown 57 %, TypeScript 43 %$/m);
    expect(output).toContain('3 tasks in');
    expect(output).not.toContain('\u001b[');
  });

  it.each([
    ['is not there', 'missing', /^There is no directory .*missing\.\n$/],
    ['is a file', 'README.md', /^.*README\.md is a file; the demo wants a directory\.\n$/],
    ['holds no source', 'empty', /^There is nothing to index in .*empty: it has no source\.\n$/],
  ])('says in one sentence that what it was given %s', async (_what, name, sentence) => {
    await mkdir(join(root, 'empty/node_modules'), { recursive: true });
    const { code, output } = await submit(join(root, name));
    expect(code).toBe(1);
    expect(output).toMatch(sentence);
  });

  it('says that nobody serves a tree for which no worker was started', async () => {
    const { code, output } = await submit(join(root, 'src'));
    expect(code).toBe(1);
    expect(output).toMatch(/The server refused a task: /);
  });
});
