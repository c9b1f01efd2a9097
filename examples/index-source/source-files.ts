/** Which directories and files of a tree are source. */

import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Installed, generated or kept by tools: nobody's source. */
const IGNORED = new Set(['node_modules', '.git', 'dist', 'coverage', '.signalbox']);

/** A file or directory that could not be read. */
export interface Unreadable {
  /** Relative to the root of the tree. */
  path: string;
  reason: string;
}

/** The part of a tree that holds the files of the root itself. */
export const ROOT_FILES = '.';

/**
 * The parts of a tree, each to be indexed by a task of its own: every sub-directory of the root, and the files of
 * the root itself as {@link ROOT_FILES}, in that order. Rejects when the root cannot be read.
 */
export async function partsOf(root: string): Promise<string[]> {
  const entries = (await readdir(root, { withFileTypes: true })).filter(({ name }) => !IGNORED.has(name));
  const directories = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const hasFiles = entries.some((entry) => entry.isFile());
  return [...directories.sort(), ...(hasFiles ? [ROOT_FILES] : [])];
}

/** The files of a part, as paths below the root, and what of it could not be listed. Links are not followed. */
export async function filesOf(
  root: string,
  part: string,
): Promise<{ files: string[]; unreadable: Unreadable[] }> {
  const files: string[] = [];
  const unreadable: Unreadable[] = [];
  const waiting = [join(root, part)];
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    let entries: Dirent[] = [];
    try {
      entries = await readdir(directory, { withFileTypes: true });
    } catch (error) {
      unreadable.push({ path: relative(root, directory), reason: reasonOf(error) });
    }
    for (const entry of entries) {
      if (IGNORED.has(entry.name)) continue;
      const path = join(directory, entry.name);
      if (entry.isFile()) files.push(relative(root, path));
      else if (entry.isDirectory() && part !== ROOT_FILES) waiting.push(path);
    }
  }
  return { files: files.sort(), unreadable };
}

const REASONS: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'it is no longer there',
};

/** Why a file or directory could not be read, for people. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}
