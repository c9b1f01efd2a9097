/** Everything that a list would show, page after page, as a file. */
import { Download } from 'lucide-react';
import { useState } from 'react';
import { messageOf } from '../../../client/errors.ts';
import type { TaskRow } from '../../api/tasks.ts';
import { download } from '../../design/json.tsx';
import { Popover, PopoverItem } from '../../design/popover.tsx';
import { countText, many } from '../../design/text.ts';
import { announce } from '../../frame/announce.tsx';
import type { LivePage } from '../../live/use-live-list.ts';
import { csvOf, ndjsonOf } from './export-text.ts';

/** Rows of a file at most: it is made in memory. */
const MOST = 20_000;
const PAGE = 100;

const KINDS = [
  { name: 'CSV', ending: 'csv', type: 'text/csv', write: csvOf },
  { name: 'NDJSON', ending: 'ndjson', type: 'application/x-ndjson', write: ndjsonOf },
] as const;

export interface ExportProps {
  readPage(after: string | undefined, first: number, signal: AbortSignal): Promise<LivePage<TaskRow>>;
  /** Of the file. */
  name: string;
}

export function Export({ readPage, name }: ExportProps) {
  const [done, setDone] = useState<number>();
  async function make({ ending, type, write }: (typeof KINDS)[number]) {
    const rows: TaskRow[] = [];
    const ended = new AbortController();
    try {
      setDone(0);
      let after: string | undefined;
      do {
        const page = await readPage(after, PAGE, ended.signal);
        rows.push(...page.rows);
        after = page.next;
        setDone(rows.length);
      } while (after !== undefined && rows.length < MOST);
      download(write(rows), `${name.toLowerCase().replaceAll(' ', '-')}.${ending}`, type);
      announce(
        after === undefined
          ? `Exported ${many(rows.length, 'task')}.`
          : `Exported the newest ${countText(rows.length)}: narrow the filter for others.`,
      );
    } catch (error) {
      announce(`The export has stopped: ${messageOf(error)}`, 'danger');
    } finally {
      setDone(undefined);
    }
  }
  return (
    <Popover
      button={
        <>
          <Download size={14} aria-hidden /> {done === undefined ? 'Export' : countText(done)}
        </>
      }
    >
      {(close) =>
        KINDS.map((kind) => (
          <PopoverItem
            key={kind.name}
            disabled={done !== undefined}
            onClick={() => {
              close();
              void make(kind);
            }}
          >
            All that match as {kind.name}
          </PopoverItem>
        ))
      }
    </Popover>
  );
}
