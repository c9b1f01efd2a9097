/** The examples as somebody copies them: with the packages for our sources. */
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type InstalledProject, ROOT } from './installed.ts';

const PACKAGES: Record<string, string> = {
  'src/client/index.ts': 'signalbox/client',
  'src/client/react/index.ts': 'signalbox/react',
  'src/client/worker/index.ts': 'signalbox/worker',
  'src/mount/index.ts': 'signalbox-server',
  'src/testing/index.ts': 'signalbox/testing',
  'possible-types.json': 'signalbox/possible-types.json',
};

/** Copies folders of examples/ into the project. */
export async function copyExamples(project: InstalledProject, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    for (const name of await readdir(join(ROOT, 'examples', folder))) {
      const text = await readFile(join(ROOT, 'examples', folder, name), 'utf8');
      const imported = text.replace(/'\.\.\/\.\.\/([^']+)'/g, (ours, path) =>
        PACKAGES[path] ? `'${PACKAGES[path]}'` : ours,
      );
      await project.write(join('examples', folder, name), imported);
    }
  }
}

/** Puts packages beside that are installed here: what users bring is none of ours. */
export async function linkPackages(project: InstalledProject, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const path = join(project.directory, 'node_modules', name);
    await mkdir(dirname(path), { recursive: true });
    await symlink(join(ROOT, 'node_modules', name), path, 'junction').catch((error) => {
      // One that came with the packages stays.
      if (error.code !== 'EEXIST') throw error;
    });
  }
}
