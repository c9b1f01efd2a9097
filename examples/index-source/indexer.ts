/** The work itself: what is in one part of a source tree. Knows nothing of tasks and workers. */

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { languageOf } from './languages.ts';
import { filesOf, reasonOf, type Unreadable } from './source-files.ts';
import { loadSymbolReader, type SymbolReader } from './symbols.ts';

/** What was found. */
export interface PartIndex {
  /** Text files. */
  files: number;
  lines: number;
  languages: Record<string, { files: number; lines: number }>;
  /** Names that the TypeScript files export. */
  exportedSymbols: number;
  /** Skipped for not being text. */
  binaryFiles: number;
  /** What is missing in the figures. */
  unreadable: Unreadable[];
}

export interface IndexOptions {
  /** Called before each file: its path below the root, its number from 0, and how many there are. */
  onFile?: (path: string, index: number, total: number) => void;
  /** Ends the work between two files, with the signal's reason. */
  signal?: AbortSignal;
}

/** Indexes one part of the tree at `root`; see `partsOf`. */
export async function indexPart(
  root: string,
  part: string,
  { onFile, signal }: IndexOptions = {},
): Promise<PartIndex> {
  const { files, unreadable } = await filesOf(root, part);
  const index: PartIndex = {
    files: 0,
    lines: 0,
    languages: {},
    exportedSymbols: 0,
    binaryFiles: 0,
    unreadable,
  };
  let readSymbols: SymbolReader | undefined;
  for (const [number, path] of files.entries()) {
    signal?.throwIfAborted();
    onFile?.(path, number, files.length);
    try {
      const content = await readFile(join(root, path), { signal });
      if (isBinary(content)) {
        index.binaryFiles++;
        continue;
      }
      const text = content.toString('utf8');
      const language = languageOf(basename(path));
      count(index, language, linesOf(text));
      if (language !== 'TypeScript') continue;
      readSymbols ??= await loadSymbolReader();
      index.exportedSymbols += readSymbols(path, text).length;
    } catch (error) {
      signal?.throwIfAborted();
      unreadable.push({ path, reason: reasonOf(error) });
    }
  }
  return index;
}

function count(index: PartIndex, language: string, lines: number): void {
  index.languages[language] ??= { files: 0, lines: 0 };
  const totals = index.languages[language];
  for (const counter of [index, totals]) {
    counter.files++;
    counter.lines += lines;
  }
}

/** As git judges it: a NUL within the first 8,000 bytes. */
function isBinary(content: Buffer): boolean {
  return content.subarray(0, 8_000).includes(0);
}

/** A last line without a line break counts too. */
function linesOf(text: string): number {
  const breaks = text.split('\n').length - 1;
  return text === '' || text.endsWith('\n') ? breaks : breaks + 1;
}
