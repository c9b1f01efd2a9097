/** Files of tasks: what a spreadsheet and a program read of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaskRow } from '../../src/dashboard/api/tasks.ts';
import { csvOf, ndjsonOf } from '../../src/dashboard/views/tasks/export-text.ts';

const task = (more: Partial<TaskRow> = {}) =>
  ({ id: 'task_1', job: { fullName: 'lab:general:resize' }, labels: {}, priority: -3, ...more }) as TaskRow;

/** By RFC 4180. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
    if (end === '') break;
  }
  return rows.filter((row) => row.length > 1);
}

describe('an export', () => {
  it('gives every text back, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const [names = [], row = []] = parse(csvOf([task({ error: { message: text } as never })]));
        const given = row[names.indexOf('errorMessage')] ?? '';
        expect(/^[=+\-@\t\r]/.test(text) ? given.slice(1) : given).toBe(text);
      }),
    );
  });

  it('has no formula that a spreadsheet would run, and leaves numbers alone', () => {
    const [names = [], row = []] = parse(csvOf([task({ createdBy: '=cmd|calc' })]));
    expect(row[names.indexOf('createdBy')]).toBe("'=cmd|calc");
    expect(row[names.indexOf('priority')]).toBe('-3');
  });

  it('is a task a line as NDJSON', () => {
    const lines = ndjsonOf([task(), task({ id: 'task_2' })]).split('\n');
    expect(lines.map((line) => line && JSON.parse(line).id)).toEqual(['task_1', 'task_2', '']);
  });
});
