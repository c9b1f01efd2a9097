/** A list of tasks with everything around it: tabs, filter, table, selection, drawer, keys. */
import { useNavigate } from '@tanstack/react-router';
import { Columns3, Pause, Play } from 'lucide-react';
import { type ReactNode, useCallback, useState } from 'react';
import type { TaskRow } from '../../api/tasks.ts';
import { Button } from '../../design/button.tsx';
import { copyText } from '../../design/copy.tsx';
import { Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { useActions } from '../../frame/keyboard.ts';
import { Link } from '../../frame/link.tsx';
import { useChangeSearch, useRoom, useSearchText } from '../../frame/search.ts';
import { useSettings } from '../../live/settings.ts';
import { type LiveSource, useLiveList } from '../../live/use-live-list.ts';
import { SavedViews } from '../saved/menu.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { ColumnChooser } from './column-chooser.tsx';
import { columnsOf } from './columns.tsx';
import { Drawer } from './drawer.tsx';
import { useExpanded } from './expanded.ts';
import { Export } from './export.tsx';
import { conditionLabelsOf, noConditions } from './filter.ts';
import { FilterBar } from './filter-bar.tsx';
import styles from './list.module.css';
import { useSelection } from './selection.ts';
import { TaskTable } from './table.tsx';
import { useTaskActions } from './use-task-actions.tsx';
import { rememberOrder } from './walk.ts';

export interface TaskListProps {
  label: string;
  // biome-ignore lint/suspicious/noExplicitAny: the stream of a list is its own affair.
  source: LiveSource<TaskRow, any, any>;
  head: ReactNode;
  tabs?: ReactNode;
  empty?: ReactNode;
  /** Beside the filter. */
  tools?: ReactNode;
}

export function TaskList({ label, source, head, tabs, empty, tools }: TaskListProps) {
  const { rows } = useSettings();
  const search = useSearchText();
  const room = useRoom();
  const change = useChangeSearch();
  const state = useLiveList(source, rows);
  const { list, view } = state;
  const selection = useSelection(view.ids);
  const expanded = useExpanded();
  const [current, setCurrent] = useState<string>();
  const [held, setHeld] = useState(false);
  const opened = search.task || undefined;
  const open = useCallback((id: string | undefined) => change({ task: id }), [change]);
  const acted = selection.size > 0 ? [...selection.ids] : current === undefined ? [] : [current];
  const { ask, dialog } = useTaskActions(() => selection.clear());
  useListKeys({ ids: view.ids, current, setCurrent, opened, open, selection, expanded, setHeld });
  useActions({
    retry: () => ask('retry', acted),
    cancel: () => ask('cancel', acted),
    discard: () => ask('discard', acted),
  });
  rememberOrder(view.ids);
  return (
    <div className={styles.page}>
      {head}
      {tabs}
      <FilterBar>
        <SavedViews />
        {tools}
        <Button
          kind="quiet"
          aria-pressed={held}
          title="Hold the list as it is (p)"
          onClick={() => setHeld((now) => !now)}
        >
          {held ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
          {held ? 'Held' : 'Hold'}
        </Button>
        <ColumnChooser
          columns={columnsOf(search.cols, room === undefined)}
          icon={<Columns3 size={14} aria-hidden />}
          choose={(ids) => change({ cols: ids })}
        />
        <Export readPage={source.readPage} name={label} />
      </FilterBar>
      {view.state === 'failed' && <ErrorNote error={view.error} retry={state.again} />}
      <div className={styles.split}>
        {view.state !== 'ready' ? (
          view.state === 'loading' && <Loading what={label.toLowerCase()} />
        ) : view.ids.length === 0 ? (
          <div className={styles.nothing}>{empty ?? <NothingMatches />}</div>
        ) : (
          <TaskTable
            state={state}
            columns={columnsOf(search.cols, room === undefined)}
            chosen={!!search.cols}
            selection={selection}
            expanded={expanded}
            current={current}
            setCurrent={setCurrent}
            opened={opened}
            open={open}
            held={held}
            label={label}
          />
        )}
        {opened !== undefined && <Drawer taskId={opened} close={() => open(undefined)} />}
      </div>
      {selection.size > 0 && (
        <BulkBar
          tasks={[...selection.ids].flatMap((id) => list.row(id) ?? [])}
          size={selection.size}
          ask={(action) => ask(action, [...selection.ids])}
          clear={selection.clear}
        />
      )}
      {dialog}
    </div>
  );
}

function NothingMatches() {
  const search = useSearchText();
  const change = useChangeSearch();
  const room = useRoom();
  const conditions = conditionLabelsOf(search);
  if (conditions.length === 0 && !search.status) {
    return (
      <Empty title={room === undefined ? 'There are no tasks yet' : `There are no tasks in ${room} yet`}>
        <p>
          <Link to="/jobs">Choose a job and run it</Link>, or submit one by the API: it appears here at once.
        </p>
      </Empty>
    );
  }
  return (
    <Empty title="No task matches">
      <p>
        {conditions.length > 0
          ? `There is none with ${conditions.map(({ label, value }) => `${label} ${value}`).join(', ')}`
          : 'No task is in this status'}
        {conditions.length > 0 && search.status ? ' in this status.' : '.'}
      </p>
      <p className={styles.ways}>
        {search.status && conditions.length > 0 && (
          <Button onClick={() => change({ status: undefined })}>In any status</Button>
        )}
        {conditions.length > 1 &&
          conditions.map(({ name, label, value }) => (
            <Button key={name} onClick={() => change({ [name]: undefined })}>
              Without {label} <bdi className={styles.value}>{value}</bdi>
            </Button>
          ))}
        <Button onClick={() => change(noConditions(search))}>Clear the filter</Button>
      </p>
    </Empty>
  );
}

interface KeysOptions {
  ids: readonly string[];
  current: string | undefined;
  setCurrent(id: string): void;
  opened: string | undefined;
  open(id: string | undefined): void;
  selection: ReturnType<typeof useSelection>;
  expanded: ReturnType<typeof useExpanded>;
  setHeld(change: (now: boolean) => boolean): void;
}

function useListKeys({ ids, current, setCurrent, opened, open, selection, expanded, setHeld }: KeysOptions) {
  const navigate = useNavigate();
  const at = current === undefined ? -1 : ids.indexOf(current);
  const move = (by: number) => {
    const next = ids[Math.max(0, Math.min(ids.length - 1, at + by))];
    if (next === undefined) return;
    setCurrent(next);
    if (opened !== undefined) open(next);
  };
  useActions({
    next: () => move(1),
    previous: () => move(-1),
    open:
      current === undefined
        ? undefined
        : () =>
            void navigate({
              to: '/tasks/$taskId',
              params: { taskId: current } as never,
              search: ((now: { room?: string }) => ({ room: now.room })) as never,
            }),
    'open in tab':
      current === undefined ? undefined : () => void window.open(`/tasks/${current}`, '_blank', 'noreferrer'),
    peek: current === undefined ? undefined : () => open(opened === current ? undefined : current),
    expand: current === undefined ? undefined : () => expanded.toggle(current),
    select: current === undefined ? undefined : () => selection.toggle(current),
    'select range': current === undefined ? undefined : () => selection.toggle(current, true),
    'select all': () => selection.all(ids),
    hold: () => setHeld((now) => !now),
    'copy id': current === undefined ? undefined : () => void copyText(current, 'the id'),
    'copy link':
      current === undefined
        ? undefined
        : () => void copyText(`${location.origin}/tasks/${current}`, 'the link'),
    back: opened !== undefined ? () => open(undefined) : selection.size > 0 ? selection.clear : undefined,
  });
}
