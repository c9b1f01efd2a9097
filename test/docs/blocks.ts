/** The code blocks of the documentation. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Block {
  /** Where it begins, as `README.md:12`. */
  where: string;
  language: string;
  text: string;
}

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'bench/README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((page) => `docs/${page}`),
];

export const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8');

/** The blocks of a language in the order of the pages, or of one page. */
export function blocksOf(language: string, pages: readonly string[] = PAGES): Block[] {
  return pages.flatMap((page) => blocksIn(page, textOf(page))).filter((block) => block.language === language);
}

function blocksIn(page: string, text: string): Block[] {
  const fence = /^```(\S*)\n(.*?)^```$/gms;
  return [...text.matchAll(fence)].map(({ index, 1: language = '', 2: content = '' }) => ({
    where: `${page}:${text.slice(0, index).split('\n').length + 1}`,
    language,
    text: content,
  }));
}
