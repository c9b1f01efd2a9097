import { describe, expect, it } from 'vitest';
import type { IndexResult } from '../../examples/index-source/job.ts';
import { renderTable } from '../../examples/index-source/table.ts';

function result(files: number, languages: Record<string, number>, exportedSymbols = 0): IndexResult {
  const lines = Object.values(languages).reduce((sum, each) => sum + each, 0);
  return {
    files,
    lines,
    exportedSymbols,
    binaryFiles: 0,
    unreadable: [],
    languages: Object.fromEntries(
      Object.entries(languages).map(([name, each]) => [name, { files: 1, lines: each }]),
    ),
  };
}

describe('the table of results', () => {
  it('shows each part, and the totals', () => {
    const rows = [
      { name: 'src/', result: result(12, { TypeScript: 900, CSS: 100 }, 34) },
      { name: './*', result: result(1, { Markdown: 1_000 }) },
    ];
    const [head, rule, ...body] = renderTable(rows, 100).split('\n');
    expect(head).toBe('directory  files  lines  exports  languages');
    expect(rule).toMatch(/^─+$/);
    expect(body).toEqual([
      'src/          12  1,000       34  TypeScript 90 %, CSS 10 %',
      './*            1  1,000        0  Markdown 100 %',
      rule,
      'total         13  2,000       34  Markdown 50 %, TypeScript 45 %, CSS 5 %',
    ]);
  });

  it('leaves the figures of a failed task empty', () => {
    const lines = renderTable([{ name: 'src/', result: undefined }], 100).split('\n');
    expect(lines[2]).toMatch(/^src\/\s+–\s+–\s+–$/);
    expect(lines[4]).toMatch(/^total\s+0\s+0\s+0$/);
  });

  it('names three languages and counts the others', () => {
    const rows = [{ name: 'a', result: result(4, { A: 96, B: 2, C: 1.6, D: 0.4 }) }];
    expect(renderTable(rows, 100)).toContain('A 96 %, B 2 %, C 2 %, 1 more');
  });

  it('cuts the languages where the terminal is narrow', () => {
    const rows = [{ name: 'src/', result: result(1, { TypeScript: 50, Markdown: 50 }) }];
    for (const line of renderTable(rows, 50).split('\n')) expect(line.length).toBeLessThanOrEqual(50);
  });
});
