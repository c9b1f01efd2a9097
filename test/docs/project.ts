/** A project that has installed the package, as npm would leave it, but for links instead of copies. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildProgram } from '../app/program.ts';
import { ROOT } from './blocks.ts';

const INSTALLED = [
  ...['zod', '@opentelemetry/api', '@types/node', 'undici-types'],
  ...['express', '@types/express', 'fastify', 'react', '@types/react', 'csstype'],
  ...['pg', '@types/pg'],
];

export interface UserProject {
  directory: string;
  write(name: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

export async function createUserProject(): Promise<UserProject> {
  await buildProgram();
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-project-'));
  const write = (name: string, text: string) => writeFile(join(directory, name), text);
  await write('package.json', JSON.stringify({ type: 'module' }));
  const link = async (name: string, target: string) => {
    const path = join(directory, 'node_modules', name);
    await mkdir(dirname(path), { recursive: true });
    await symlink(target, path, 'junction');
  };
  for (const name of ['signalbox', 'signalbox-server']) await link(name, ROOT);
  for (const name of INSTALLED) await link(name, join(ROOT, 'node_modules', name));
  return { directory, write, remove: () => rm(directory, { recursive: true, force: true }) };
}
