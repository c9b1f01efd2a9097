/** scheduleEvents: the schedules and their latest runs as they are, then how they change. */
import { canManageSchedule } from '../../domain/access.ts';
import { fromTypeId, toTypeId } from '../../domain/typeid.ts';
import type { WatchedListItem } from '../../events/streams/watched-list.ts';
import type { ScheduleView } from '../../store/schedules/schedule-views.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { notFoundError } from '../errors.ts';
import { requireManager, roomToManage } from './rights.ts';
import { asScheduleRun, ScheduleRunType } from './run.ts';
import { asSchedule, ScheduleType } from './type.ts';
import { loadVisibleSchedule } from './visible.ts';

type Item = WatchedListItem<ScheduleView>;
type Kind<K extends Item['kind']> = Extract<Item, { kind: K }>;
type RunView = Extract<ScheduleView, { kind: 'run' }>;

const SchedulesSnapshot = builder.objectRef<Kind<'snapshot'>>('SchedulesSnapshot').implement({
  description: 'The schedules as they are at the beginning of the stream.',
  fields: (t) => ({
    schedules: t.field({
      type: [ScheduleType],
      description: 'Oldest first, 2,000 at most.',
      resolve: ({ rows }) =>
        rows.flatMap((row) => (row.kind === 'schedule' ? [asSchedule(row.schedule)] : [])),
    }),
    runs: t.field({
      type: [ScheduleRunType],
      description:
        'The latest run of each, and of their last five those that have not ended, or not for more than a minute; newest first.',
      resolve: ({ rows }, _args, context) =>
        rows.flatMap((row) => (row.kind === 'run' ? [shown(context, row)] : [])),
    }),
  }),
});

const ScheduleChanged = builder.objectRef<Kind<'changed'>>('ScheduleChanged').implement({
  description:
    'The schedule is new in the stream, was changed by a person, or is due at another time. Of changes within a second only the last comes.',
  fields: (t) => ({
    schedule: t.field({ type: ScheduleType, resolve: ({ row }) => asSchedule(row.schedule) }),
  }),
});

const ScheduleRunChanged = builder.objectRef<Kind<'changed'>>('ScheduleRunChanged').implement({
  description: 'A run is new or has changed. Of changes within a second only the last comes.',
  fields: (t) => ({
    schedule: t.field({ type: ScheduleType, resolve: ({ row }) => asSchedule(row.schedule) }),
    run: t.field({
      type: ScheduleRunType,
      resolve: ({ row }, _args, context) => shown(context, row as RunView),
    }),
  }),
});

const ScheduleGone = builder.objectRef<Kind<'gone'>>('ScheduleGone').implement({
  description: 'The schedule was deleted, or belongs to a room that the caller does not watch.',
  fields: (t) => ({
    scheduleId: t.id({ resolve: ({ row }) => toTypeId('schedule', row.schedule.id) }),
  }),
});

const ScheduleEventType = builder.unionType('ScheduleEvent', {
  description: 'First the schedules as they are, then every change of them and of their runs.',
  types: [SchedulesSnapshot, ScheduleChanged, ScheduleRunChanged, ScheduleGone],
  resolveType: (value) => {
    const item = value as Item;
    if (item.kind === 'snapshot') return SchedulesSnapshot;
    if (item.kind === 'gone') return ScheduleGone;
    return item.row.kind === 'run' ? ScheduleRunChanged : ScheduleChanged;
  },
});

builder.subscriptionField('scheduleEvents', (t) =>
  t.field({
    type: ScheduleEventType,
    description:
      'The schedules that the caller may see with their runs: first as they are, then as they change, each once a second at most. For ADMIN, and for WORKER those that submit tasks to rooms of its own.',
    args: {
      scheduleId: t.arg.id({ description: 'Only this schedule.' }),
      room: t.arg.string({ description: 'Only those of this room; left out: all that the caller may see.' }),
    },
    subscribe: (_root, args, context) => subscribe(context, args),
    resolve: (item) => item,
  }),
);

async function subscribe(
  context: Context,
  {
    scheduleId,
    room: wantedRoom,
  }: { scheduleId?: string | null | undefined; room?: string | null | undefined },
) {
  requireManager(context);
  const viewer = viewerOf(context);
  const room = wantedRoom == null ? null : roomToManage(context, wantedRoom);
  const id = scheduleId == null ? null : fromTypeId('schedule', scheduleId);
  if (scheduleId != null && !(await loadVisibleSchedule(context, id))) throw notFoundError('The schedule');
  return context.services.watchedLists.schedules.watch(
    ({ schedule }) =>
      canManageSchedule(viewer, schedule) &&
      (id === null || schedule.id === id) &&
      (room === null || schedule.room === room),
  );
}

/** Whoever sees a schedule sees its runs. */
function shown(context: Context, { run }: RunView) {
  context.granted.add(run.id);
  return asScheduleRun(run);
}
