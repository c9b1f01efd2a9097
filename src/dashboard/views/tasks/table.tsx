/**
 * A live list as a table: only the rows in sight are there, one of them is the tab stop, and a change renders one row.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronRight } from 'lucide-react';
import {
  type CSSProperties,
  memo,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { present } from '../../../client/present.ts';
import type { LiveList } from '../../../client/streams/live-list.ts';
import type { TaskRow } from '../../api/tasks.ts';
import { IconButton } from '../../design/button.tsx';
import { NewRows } from '../../design/new-rows.tsx';
import { useNarrow } from '../../live/narrow.ts';
import { useSettings } from '../../live/settings.ts';
import type { LiveListState } from '../../live/use-live-list.ts';
import type { Column } from './columns.tsx';
import type { Expanded } from './expanded.ts';
import { RowDetail } from './row-detail.tsx';
import type { Selection } from './selection.ts';
import styles from './table.module.css';
import { ColumnEdge, leastWidthOf, tracksOf, useWidths } from './widths.tsx';

const CARD_HEIGHT = 68;
const HEIGHTS = { comfortable: 36, compact: 28 };
/** So near to the end the next page is read. */
const READ_AHEAD = 20;

export interface TaskTableProps {
  state: LiveListState<TaskRow>;
  columns: readonly Column[];
  /** Somebody has chosen the columns: all of them are shown beside the drawer, too. */
  chosen: boolean;
  selection: Selection;
  /** Rows that are open in place. */
  expanded: Expanded;
  /** The row that the keys act on. */
  current: string | undefined;
  setCurrent(id: string): void;
  /** Opened in the drawer. */
  opened: string | undefined;
  open(id: string): void;
  held: boolean;
  label: string;
}

export function TaskTable(props: TaskTableProps) {
  const { state, columns, chosen, selection, expanded, current, setCurrent, opened, open, held, label } =
    props;
  const { list, view } = state;
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useNarrow();
  const height = useRowHeight(narrow);
  const [atTop, setAtTop] = useState(true);
  const widths = useWidths();
  const shown = narrow || (opened !== undefined && !chosen) ? columns.filter(isOfCard) : columns;
  const virtual = useVirtualizer({
    count: view.ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: (at) => height + expanded.heightOf(present(view.ids[at])),
    getItemKey: (at) => present(view.ids[at]),
    overscan: 8,
  });
  useMeasured(virtual, height, expanded);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useReadAhead(state, last);
  const holds = held || !atTop || selection.size > 0 || expanded.ids.size > 0;
  useEffect(() => (holds ? list.hold() : undefined), [list, holds]);
  usePins(list, [...selection.ids, ...expanded.ids, ...[opened, current].filter((id) => id !== undefined)]);
  useFollowCurrent(scroller, current, view.ids, (at) => virtual.scrollToIndex(at));
  const tabStop = current !== undefined && view.ids.includes(current) ? current : view.ids[0];
  return (
    <div className={styles.area}>
      {view.waiting > 0 && (
        <NewRows
          className={styles.pill}
          count={view.waiting}
          show={() => {
            list.showWaiting();
            scroller.current?.scrollTo({ top: 0 });
          }}
        />
      )}
      <div
        ref={scroller}
        className={styles.scroller}
        data-narrow={narrow || undefined}
        onScroll={({ currentTarget }) => setAtTop(currentTarget.scrollTop < 4)}
      >
        <div
          role="table"
          aria-label={label}
          aria-rowcount={view.hasMore ? -1 : view.ids.length + 1}
          className={styles.table}
          style={narrow ? undefined : widthStyle(shown, widths)}
        >
          {!narrow && <Head columns={shown} ids={view.ids} selection={selection} />}
          <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize() }}>
            {items.map(({ index, key, start }) => (
              <Row
                key={key}
                id={key as string}
                index={index}
                top={start}
                height={height}
                list={list}
                columns={shown}
                isSelected={selection.has(key as string)}
                isExpanded={expanded.ids.has(key as string)}
                expand={expanded.toggle}
                drawn={expanded.drawn}
                isOpened={opened === key}
                isTabStop={tabStop === key}
                toggle={selection.toggle}
                setCurrent={setCurrent}
                open={open}
              />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

/** In one place: a width that is dragged renders no row. */
function widthStyle(shown: readonly Column[], widths: ReturnType<typeof useWidths>): CSSProperties {
  const style = { minWidth: `${leastWidthOf(shown, widths)}px`, '--tracks': tracksOf(shown, widths) };
  return style as CSSProperties;
}

interface HeadProps {
  columns: readonly Column[];
  ids: readonly string[];
  selection: Selection;
}

function Head({ columns, ids, selection }: HeadProps) {
  return (
    <div role="rowgroup" className={styles.head}>
      <div role="row" aria-rowindex={1} className={styles.row}>
        <span role="columnheader" className={styles.cell}>
          <input
            type="checkbox"
            aria-label="Select every row"
            checked={ids.length > 0 && selection.size === ids.length}
            onChange={() => (selection.size > 0 ? selection.clear() : selection.all(ids))}
          />
        </span>
        {columns.map((column) => (
          <span
            role="columnheader"
            key={column.id}
            data-column-head={column.id}
            className={`${styles.cell} ${styles.named}`}
          >
            {column.label}
            <ColumnEdge id={column.id} />
          </span>
        ))}
      </div>
    </div>
  );
}

/** Where there is little room: on a card, and beside the drawer. */
const OF_CARD = ['status', 'job', 'age', 'progress'];
const isOfCard = ({ id }: Column) => OF_CARD.includes(id);

/** Reads the next page when the last row in sight is near the end. */
function useReadAhead({ view, more }: LiveListState<TaskRow>, last: number): void {
  useEffect(() => {
    if (view.hasMore && last >= view.ids.length - READ_AHEAD) more();
  }, [view.hasMore, view.ids.length, last, more]);
}

/** Places the rows anew when their height changes, or that of what is shown below them. */
function useMeasured(virtual: { measure(): void }, height: number, { heightOf }: Expanded): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the heights are read by the virtualizer.
  useLayoutEffect(() => virtual.measure(), [height, heightOf]);
}

/** Keeps these rows in their places, and lets go of those that are not among them any more. */
function usePins(list: LiveList<TaskRow>, ids: readonly string[]): void {
  const pins = useRef(new Map<string, () => void>());
  // biome-ignore lint/correctness/useExhaustiveDependencies: pins of another list have gone with it.
  useEffect(() => {
    pins.current.clear();
  }, [list]);
  const key = ids.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the ids.
  useEffect(() => {
    for (const id of ids) if (!pins.current.has(id)) pins.current.set(id, list.pin(id));
    for (const [id, unpin] of pins.current) {
      if (ids.includes(id)) continue;
      pins.current.delete(id);
      unpin();
    }
  }, [list, key]);
}

function useRowHeight(narrow: boolean): number {
  const { density } = useSettings();
  return narrow ? CARD_HEIGHT : HEIGHTS[density];
}

/** Brings the row that the keys move to into sight, and the focus to it. */
function useFollowCurrent(
  scroller: React.RefObject<HTMLDivElement | null>,
  current: string | undefined,
  ids: readonly string[],
  scrollTo: (at: number) => void,
): void {
  const latest = useRef({ ids, scrollTo });
  latest.current = { ids, scrollTo };
  useEffect(() => {
    if (current === undefined) return;
    const focused = document.activeElement;
    if (focused && focused !== document.body && !scroller.current?.contains(focused) && focused.id !== 'main')
      return;
    const at = latest.current.ids.indexOf(current);
    if (at < 0) return;
    latest.current.scrollTo(at);
    const frame = requestAnimationFrame(() =>
      scroller.current
        ?.querySelector<HTMLElement>(`[data-id="${CSS.escape(current)}"]`)
        ?.focus({ preventScroll: true }),
    );
    return () => cancelAnimationFrame(frame);
  }, [current, scroller]);
}

interface RowProps {
  id: string;
  index: number;
  top: number;
  height: number;
  list: LiveList<TaskRow>;
  columns: readonly Column[];
  isSelected: boolean;
  isExpanded: boolean;
  expand: Expanded['toggle'];
  drawn: Expanded['drawn'];
  isOpened: boolean;
  isTabStop: boolean;
  toggle: Selection['toggle'];
  setCurrent(id: string): void;
  open(id: string): void;
}

const Row = memo(function Row(props: RowProps) {
  const { id, index, top, height, list, columns, isSelected, isExpanded, isOpened, isTabStop } = props;
  const subscribe = useCallback((listener: () => void) => list.subscribeRow(id, listener), [list, id]);
  const task = useSyncExternalStore(subscribe, () => list.row(id));
  if (!task) return null;
  return (
    <>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the list are those of the page. */}
      <div
        role="row"
        aria-rowindex={index + 2}
        aria-selected={isSelected}
        data-id={id}
        data-status={task.status}
        data-version={task.version}
        data-opened={isOpened || undefined}
        data-leaving={list.isLeaving(id) || undefined}
        tabIndex={isTabStop ? 0 : -1}
        className={styles.row}
        style={{ height, transform: `translateY(${top}px)` }}
        onFocus={() => props.setCurrent(id)}
        onClick={({ target }) => {
          if ((target as HTMLElement).closest('a, input, button')) return;
          props.open(id);
        }}
      >
        <span role="cell" className={`${styles.cell} ${styles.check}`}>
          <input
            type="checkbox"
            aria-label={`Select ${id}`}
            tabIndex={-1}
            checked={isSelected}
            onChange={() => {}}
            onClick={({ shiftKey }) => props.toggle(id, shiftKey)}
          />
          <IconButton
            label={isExpanded ? 'Close this row' : 'Open this row in place'}
            title={isExpanded ? 'Close (e)' : 'Open in place (e)'}
            aria-expanded={isExpanded}
            className={styles.expand}
            tabIndex={-1}
            onClick={() => props.expand(id)}
          >
            <ChevronRight size={14} aria-hidden />
          </IconButton>
        </span>
        {columns.map((column) => (
          <span role="cell" key={column.id} className={styles.cell} data-column={column.id}>
            {column.cell(task)}
          </span>
        ))}
      </div>
      {isExpanded && (
        <div role="row" className={styles.below} style={{ transform: `translateY(${top + height}px)` }}>
          <div role="cell" aria-colspan={columns.length + 1}>
            <RowDetail task={task} drawn={props.drawn} />
          </div>
        </div>
      )}
    </>
  );
});
