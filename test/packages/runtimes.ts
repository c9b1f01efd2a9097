/** Bun and Deno, from the registry of npm. */
import { join } from 'node:path';
import { type InstalledProject, installProject } from './installed.ts';

export interface Runtimes {
  bun: string;
  deno: string;
  remove(): Promise<void>;
}

/** Where they publish their programs for this platform; undefined where one of them has none. */
const PACKAGES = packagesOf(`${process.platform}-${process.arch}`);

export const hasRuntimes = PACKAGES !== undefined;

function packagesOf(platform: string) {
  const [bun, deno] =
    {
      'linux-x64': ['linux-x64', 'linux-x64-glibc'],
      'linux-arm64': ['linux-aarch64', 'linux-arm64-glibc'],
      'darwin-x64': ['darwin-x64', 'darwin-x64'],
      'darwin-arm64': ['darwin-aarch64', 'darwin-arm64'],
    }[platform] ?? [];
  return bun && deno ? { bun: `@oven/bun-${bun}`, deno: `@deno/${deno}` } : undefined;
}

/**
 * Installs both into a project of their own: they are large. The packages of this platform themselves, which are nothing but
 * the program: those that choose among them do so by scripts, which npm may not run.
 */
export async function installRuntimes(): Promise<Runtimes> {
  const { bun, deno } = PACKAGES as NonNullable<typeof PACKAGES>;
  // The registry may have a bad moment.
  const project = await installProject(['--ignore-scripts', bun, deno]).catch(() =>
    installProject(['--ignore-scripts', bun, deno]),
  );
  const programOf = ({ directory }: InstalledProject, name: string, path: string) =>
    join(directory, 'node_modules', name, path);
  return {
    bun: programOf(project, bun, 'bin/bun'),
    deno: programOf(project, deno, 'deno'),
    remove: project.remove,
  };
}
