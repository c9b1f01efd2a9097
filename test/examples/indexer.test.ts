import { unlinkSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { indexPart } from '../../examples/index-source/indexer.ts';
import { filesOf, partsOf } from '../../examples/index-source/source-files.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'signalbox-index-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

async function tree(files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

/** Nothing is unreadable to root: as someone else, where that is who runs this. */
async function unprivileged<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  await chmod(root, 0o755);
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe('the parts of a tree', () => {
  it('are its sub-directories, and the files of the root itself', async () => {
    await tree({ 'src/a.ts': '', 'bench/b.ts': '', 'README.md': '' });
    expect(await partsOf(root)).toEqual(['bench', 'src', '.']);
  });

  it('leave out what is installed, generated or kept by tools', async () => {
    await tree({ 'node_modules/a/a.js': '', '.git/HEAD': '', 'dist/main.js': '', 'src/a.ts': '' });
    expect(await partsOf(root)).toEqual(['src']);
  });

  it('are none where the tree is empty', async () => {
    expect(await partsOf(root)).toEqual([]);
  });

  it('hold the files below a sub-directory, but of the root only its own', async () => {
    await tree({ 'src/deep/er/a.ts': '', 'src/node_modules/b.ts': '', 'src/c.ts': '', 'd.ts': '' });
    expect((await filesOf(root, 'src')).files).toEqual(['src/c.ts', 'src/deep/er/a.ts']);
    expect((await filesOf(root, '.')).files).toEqual(['d.ts']);
  });

  it('do not follow links, which could lead in a circle', async () => {
    await tree({ 'src/a.ts': '' });
    await symlink(root, join(root, 'src', 'up'));
    expect((await filesOf(root, 'src')).files).toEqual(['src/a.ts']);
  });
});

describe('indexing a part', () => {
  it('counts files, lines and languages', async () => {
    await tree({
      'src/a.ts': 'const a = 1;\nconst b = 2;\n',
      'src/b.py': 'print(1)',
      'src/empty.md': '',
      'src/LICENCE': 'one\ntwo\nthree\n',
    });
    expect(await indexPart(root, 'src')).toEqual({
      files: 4,
      lines: 6,
      languages: {
        TypeScript: { files: 1, lines: 2 },
        Python: { files: 1, lines: 1 },
        Markdown: { files: 1, lines: 0 },
        Other: { files: 1, lines: 3 },
      },
      exportedSymbols: 0,
      binaryFiles: 0,
      unreadable: [],
    });
  });

  it('counts what TypeScript files export', async () => {
    await tree({
      'src/a.ts': 'export const a = 1, b = 2;\nconst c = 3;\n',
      'src/b.mts': 'export default 1;\n',
    });
    expect((await indexPart(root, 'src')).exportedSymbols).toBe(3);
  });

  it('skips binary files, whatever they are called', async () => {
    await tree({ 'src/picture.ts': new Uint8Array([0x89, 0x50, 0, 0x0a]), 'src/a.ts': 'a\n' });
    expect(await indexPart(root, 'src')).toMatchObject({ files: 1, binaryFiles: 1 });
  });

  it('tells each file before it is read, and how many there are', async () => {
    await tree({ 'src/a.ts': '', 'src/b.ts': '' });
    const told: unknown[] = [];
    await indexPart(root, 'src', { onFile: (...file) => told.push(file) });
    expect(told).toEqual([
      ['src/a.ts', 0, 2],
      ['src/b.ts', 1, 2],
    ]);
  });

  it('goes on without a file that disappears meanwhile, and says so', async () => {
    await tree({ 'src/a.ts': 'a\n', 'src/b.ts': 'b\n' });
    // Removed at the moment at which its turn comes.
    const index = await indexPart(root, 'src', {
      onFile: (path) => {
        if (path === 'src/b.ts') unlinkSync(join(root, path));
      },
    });
    expect(index.files).toBe(1);
    expect(index.unreadable).toEqual([{ path: 'src/b.ts', reason: 'it is no longer there' }]);
  });

  it('finds nothing in a part that is gone, and says so', async () => {
    const index = await indexPart(root, 'src');
    expect(index).toMatchObject({ files: 0, unreadable: [{ path: 'src', reason: 'it is no longer there' }] });
  });

  it('goes on without a directory that may not be read, and says so', async () => {
    await tree({ 'src/a.ts': 'a\n', 'src/secret/b.ts': 'b\n' });
    await chmod(join(root, 'src/secret'), 0);
    const index = await unprivileged(() => indexPart(root, 'src'));
    await chmod(join(root, 'src/secret'), 0o700);
    expect(index).toMatchObject({
      files: 1,
      unreadable: [{ path: 'src/secret', reason: 'permission denied' }],
    });
  });

  it('ends between two files when it is told to', async () => {
    await tree({ 'src/a.ts': '', 'src/b.ts': '' });
    const controller = new AbortController();
    const told: string[] = [];
    const indexing = indexPart(root, 'src', {
      signal: controller.signal,
      onFile(path) {
        told.push(path);
        controller.abort(new Error('enough'));
      },
    });
    await expect(indexing).rejects.toThrow('enough');
    expect(told).toEqual(['src/a.ts']);
  });
});
