/** The results as a table. */

import { paint, shorten, widthOf } from './colors.ts';
import type { IndexResult } from './job.ts';

/** One line of the table: a part and what was found in it; without a result where its task failed. */
export interface TableRow {
  name: string;
  result: IndexResult | undefined;
}

const HEADINGS = ['directory', 'files', 'lines', 'exports', 'languages'];
const NUMBERS = new Set([1, 2, 3]);
const GAP = '  ';

/** Renders rows and their totals in at most `width` columns: what is too long of the languages is cut. */
export function renderTable(rows: readonly TableRow[], width: number): string {
  const cells = [
    HEADINGS,
    ...rows.map(({ name, result }) => cellsOf(name, result)),
    cellsOf('total', totalOf(rows)),
  ];
  const widths = HEADINGS.map((_, column) => Math.max(...cells.map((line) => widthOf(line[column] ?? ''))));
  const taken = widths.slice(0, -1).reduce((sum, each) => sum + each + GAP.length, 0);
  widths[widths.length - 1] = Math.min(widths.at(-1) ?? 0, Math.max(10, width - taken));

  const lines = cells.map((line) =>
    line
      .map((cell, column) =>
        align(shorten(cell, widths[column] ?? 0), widths[column] ?? 0, NUMBERS.has(column)),
      )
      .join(GAP)
      .trimEnd(),
  );
  const rule = paint('dim', '─'.repeat(widths.reduce((sum, each) => sum + each + GAP.length, -GAP.length)));
  const [head = '', ...body] = lines;
  const total = body.pop() ?? '';
  return [paint('dim', head), rule, ...body, rule, paint('bold', total)].join('\n');
}

function cellsOf(name: string, result: IndexResult | undefined): string[] {
  if (!result) return [name, '–', '–', '–', ''];
  const { files, lines, exportedSymbols, languages } = result;
  return [name, count(files), count(lines), count(exportedSymbols), describeLanguages(languages, lines)];
}

/** The three with most lines, and their shares. */
function describeLanguages(languages: IndexResult['languages'], lines: number): string {
  const ranked = Object.entries(languages).sort(([, a], [, b]) => b.lines - a.lines);
  const named = ranked.slice(0, 3).map(([name, each]) => {
    const share = lines > 0 ? Math.round((100 * each.lines) / lines) : 0;
    return `${name} ${share < 1 ? '<1' : share} %`;
  });
  return [...named, ...(ranked.length > 3 ? [`${ranked.length - 3} more`] : [])].join(', ');
}

function totalOf(rows: readonly TableRow[]): IndexResult {
  const total: IndexResult = {
    files: 0,
    lines: 0,
    exportedSymbols: 0,
    binaryFiles: 0,
    languages: {},
    unreadable: [],
  };
  for (const { result } of rows) {
    if (!result) continue;
    total.files += result.files;
    total.lines += result.lines;
    total.exportedSymbols += result.exportedSymbols;
    for (const [name, each] of Object.entries(result.languages)) {
      const sum = total.languages[name] ?? { files: 0, lines: 0 };
      total.languages[name] = { files: sum.files + each.files, lines: sum.lines + each.lines };
    }
  }
  return total;
}

function align(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return right ? space + text : text + space;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
