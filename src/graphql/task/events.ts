/** taskEvents and roomEvents: first the state, or what was missed; then every change, in order, without gaps. */
import { Kind as GraphQLKind, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql';
import { isInRoom, roomsOf, type Viewer } from '../../domain/access.ts';
import { reduceToRoom, reduceToRooms } from '../../domain/narrow-viewer.ts';
import { comparePositions, decodeCursor, encodeCursor, type Position } from '../../domain/position.ts';
import type { TaskChange, TaskRow } from '../../domain/task.ts';
import { fromTypeId } from '../../domain/typeid.ts';
import { withBlockedReasons } from '../../events/streams/blocked-reasons.ts';
import { withEstimates } from '../../events/streams/estimates.ts';
import {
  type EventStream,
  type Judge,
  openResyncStream,
  openRoomStream,
  openTaskStream,
  type StreamEvent,
  type Verdict,
} from '../../events/streams/stream.ts';
import { builder } from '../builder.ts';
import { type Context, type StreamScope, viewerOf } from '../context.ts';
import { notFoundError } from '../errors.ts';
import { parseRoom } from '../input.ts';
import { BlockedReasonType } from './blocked.ts';
import { asEstimate, TaskEstimateType } from './estimate.ts';
import { parseFilter, TaskFilterInput } from './filter.ts';
import { judgeByFilter } from './judge-by-filter.ts';
import { TaskTransitionType } from './transition.ts';
import { asTask, TaskType } from './type.ts';
import { loadVisibleTask } from './visible.ts';

type Kind<K extends StreamEvent['kind']> = Extract<StreamEvent, { kind: K }>;

const CURSOR_DESCRIPTION =
  'Pass it as `after` to go on from here: some events may come again, none is missed.';

const TaskSnapshot = builder.objectRef<Kind<'snapshot'>>('TaskSnapshot').implement({
  description: 'The task as it is at the beginning of the stream.',
  fields: (t) => ({
    cursor: t.field({ type: 'Cursor', description: CURSOR_DESCRIPTION, resolve: cursorOf }),
    task: t.field({ type: TaskType, resolve: showTask }),
  }),
});

const TaskTransitioned = builder.objectRef<Kind<'transition'>>('TaskTransitioned').implement({
  description:
    'The task has changed its status; or, within the same status, it was updated, discarded or restored: see `transition.reason`.',
  fields: (t) => ({
    cursor: t.field({ type: 'Cursor', description: CURSOR_DESCRIPTION, resolve: cursorOf }),
    task: t.field({
      type: TaskType,
      description: 'As it was right after the transition.',
      resolve: showTask,
    }),
    transition: t.expose('transition', { type: TaskTransitionType }),
    matches: t.boolean({
      description:
        'Whether the task matches the filter of the stream now. False only with `leaving`, for a task that matched before or may have; ignore it if you do not know the task.',
      resolve: ({ matches }) => matches ?? true,
    }),
  }),
});

const TaskProgressed = builder.objectRef<Kind<'progress'>>('TaskProgressed').implement({
  description: 'The worker has reported progress. Of reports in quick succession only the latest may come.',
  fields: (t) => ({
    cursor: t.field({ type: 'Cursor', description: CURSOR_DESCRIPTION, resolve: cursorOf }),
    task: t.field({ type: TaskType, resolve: showTask }),
    percent: t.exposeFloat('percent', { description: '0 to 100.' }),
    message: t.exposeString('message', { nullable: true }),
    at: t.expose('at', { type: 'DateTime' }),
  }),
});

export const ResyncRequired = builder.objectRef<Kind<'resync'>>('ResyncRequired').implement({
  description: 'The position asked for is no longer in the log: read again, then subscribe again.',
  fields: (t) => ({ reason: t.exposeString('reason') }),
});

const TaskBlocked = builder.objectRef<Kind<'blocked'>>('TaskBlocked').implement({
  description:
    'The reason why the task waits has changed or gone. Only on taskEvents, and only if it is selected; it has no version, and is not repeated after a resume.',
  fields: (t) => ({
    cursor: t.field({ type: 'Cursor', description: CURSOR_DESCRIPTION, resolve: cursorOf }),
    task: t.field({ type: TaskType, resolve: showTask }),
    blockedReason: t.field({
      type: BlockedReasonType,
      nullable: true,
      description: 'Null: nothing keeps a worker from taking it.',
      resolve: ({ reason, task }) => reason && { ...reason, taskId: task.id },
    }),
  }),
});

const TaskEstimated = builder.objectRef<Kind<'estimated'>>('TaskEstimated').implement({
  description:
    'When the task will run looks noticeably different by now: first as it looks at the beginning. Only on taskEvents, and only where it is selected; it has no version, and is not repeated after a resume.',
  fields: (t) => ({
    cursor: t.field({ type: 'Cursor', description: CURSOR_DESCRIPTION, resolve: cursorOf }),
    task: t.field({ type: TaskType, resolve: showTask }),
    estimate: t.field({
      type: TaskEstimateType,
      nullable: true,
      description: 'Null: it has ended.',
      resolve: ({ estimated, task }) => asEstimate(task.id, estimated),
    }),
  }),
});

const TYPES = {
  blocked: TaskBlocked,
  estimated: TaskEstimated,
  snapshot: TaskSnapshot,
  transition: TaskTransitioned,
  progress: TaskProgressed,
  resync: ResyncRequired,
};

export const TaskEvent = builder.unionType('TaskEvent', {
  description:
    'First the state as it is (or, with `after`, what was missed), then every change, in order, without gaps.',
  types: [TaskSnapshot, TaskTransitioned, TaskProgressed, ResyncRequired, TaskBlocked, TaskEstimated],
  resolveType: (event) => TYPES[(event as StreamEvent).kind],
});

builder.subscriptionField('taskEvents', (t) =>
  t.field({
    type: TaskEvent,
    description:
      'The events of one task. Ends after the terminal transition has been delivered, unless `follow` keeps it open for a retry.',
    args: {
      taskId: t.arg.id({ required: true }),
      after: t.arg({ type: 'Cursor' }),
      follow: t.arg.boolean({ required: true, defaultValue: false }),
    },
    subscribe: async (_root, { taskId, after, follow }, context, info) => {
      const { blockedReasons, estimates } = context.services;
      let stream = await subscribeToTask(context, taskId, after, follow);
      if (selects(info, TaskBlocked.name)) stream = withBlockedReasons(stream, blockedReasons);
      if (selects(info, TaskEstimated.name)) stream = withEstimates(stream, estimates);
      return stream;
    },
    resolve: (event) => event,
  }),
);

builder.subscriptionField('roomEvents', (t) =>
  t.field({
    type: TaskEvent,
    description:
      'Every transition of every task in the room, or in all rooms of the caller, that the caller may see. Starts at `after`, or now.',
    args: {
      room: t.arg.string({ description: 'Left out: every room that the caller belongs to.' }),
      filter: t.arg({ type: TaskFilterInput }),
      after: t.arg({ type: 'Cursor' }),
      leaving: t.arg.boolean({
        required: true,
        defaultValue: false,
        description:
          'Also the transitions by which a task ceases to match the filter, with `matches: false`: so that a list that began with the same filter stays true.',
      }),
    },
    subscribe: (_root, args, context) => subscribeToRooms(context, args),
    resolve: (event) => event,
  }),
);

async function subscribeToTask(
  context: Context,
  taskId: string,
  after: string | null | undefined,
  follow: boolean,
): Promise<EventStream> {
  const { log, store } = context.services;
  const task = await loadVisibleTask(context, fromTypeId('task', taskId));
  if (!task) throw notFoundError('The task');
  const viewer = reduceToRoom(viewerOf(context), task.room);
  return withPosition(context, after, (position) =>
    openTaskStream({
      hub: sharedHub(context, viewer, () => true),
      log,
      room: task.room,
      taskId: task.id,
      after: position,
      follow,
      loadTask: async () => (await store.findTasks([task.id]))[0] ?? null,
    }),
  );
}

interface RoomEventsArguments {
  room?: string | null | undefined;
  filter?: typeof TaskFilterInput.$inferInput | null | undefined;
  after?: string | null | undefined;
  leaving: boolean;
}

async function subscribeToRooms(
  context: Context,
  { room, filter, after, leaving }: RoomEventsArguments,
): Promise<EventStream> {
  const { viewer, rooms } = watchScopeOf(context, room);
  const { log, jobs } = context.services;
  const { filter: wanted, missingJobs } = await parseFilter(context, filter);
  const missing = new Set(missingJobs);
  const judge = judgeByFilter(context.services, wanted, { viewer, leaving });
  // A job that is wanted may be registered only now.
  const judgeLater = async (change: TaskChange): Promise<Verdict> => {
    const { jobId } = change.task;
    if (missing.delete((await jobs.findById(jobId))?.fullName ?? '')) wanted.jobIds?.push(jobId);
    return judge(change);
  };
  const judgeNow: Judge = (change) => (missing.size > 0 ? judgeLater(change) : judge(change));
  return withPosition(context, after, (position) =>
    openRoomStream({
      hub: sharedHub(context, viewer, judgeNow),
      ...{ log, rooms, after: position, judge: judgeNow },
    }),
  );
}

/** Rooms of a caller that are watched one by one; of more all rooms are, and what is none of its own is passed over. */
const MAX_WATCHED_ROOMS = 50;

/** What is watched, and by which rights. */
export function watchScopeOf(
  context: Context,
  room: string | null | undefined,
): Pick<StreamScope, 'rooms' | 'viewer'> {
  const viewer = viewerOf(context);
  if (room === null || room === undefined) {
    const rooms = roomsOf(viewer);
    const few = rooms && rooms.length > 0 && rooms.length <= MAX_WATCHED_ROOMS;
    return { rooms: few ? rooms : null, viewer: reduceToRooms(viewer, rooms) };
  }
  const valid = parseRoom(room);
  if (!isInRoom(viewer, valid)) throw notFoundError('The room');
  return { rooms: [valid], viewer: reduceToRoom(viewer, valid) };
}

/** Whether the subscription asks for events of the type. */
function selects({ fieldNodes, fragments }: GraphQLResolveInfo, type: string): boolean {
  const isFor = (set: SelectionSetNode | undefined): boolean =>
    (set?.selections ?? []).some((selection) => {
      if (selection.kind === GraphQLKind.FIELD) return false;
      const fragment =
        selection.kind === GraphQLKind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
      return fragment?.typeCondition?.name.value === type || isFor(fragment?.selectionSet);
    });
  return fieldNodes.some(({ selectionSet }) => isFor(selectionSet));
}

/** The hub as a stream that is seen by these rights needs it. */
export function sharedHub(context: Context, viewer: Viewer, judge: Judge) {
  const { horizon } = context.services.hub;
  return {
    horizon,
    watch: (scope: Pick<StreamScope, 'rooms' | 'taskId'>) => context.watch({ ...scope, viewer, judge }),
  };
}

/** Opens the stream at the cursor, or one that asks for a resync; attached before it is handed on. */
export async function withPosition<Stream extends AsyncIterableIterator<unknown> & { ready: Promise<void> }>(
  context: Context,
  cursor: string | null | undefined,
  open: (after?: Position) => Stream,
): Promise<Stream | EventStream> {
  const from = context.resumeFrom ?? cursor;
  const decoded = from == null ? undefined : decodeCursor(from);
  if (decoded === null) return openResyncStream('The cursor is none of this server.');
  if (decoded) {
    const { epoch, next } = await context.services.log.look();
    if (decoded.epoch !== epoch)
      return openResyncStream(
        'The cursor belongs to another database, or to this one before it was restored.',
      );
    if (comparePositions(decoded.position, { xid: next, id: '0' }) > 0)
      return openResyncStream('The cursor lies ahead of the database, which was restored since then.');
  }
  const stream = open(decoded?.position);
  await stream.ready;
  return stream;
}

function cursorOf(event: Exclude<StreamEvent, Kind<'resync'>>, _args: unknown, context: Context): string {
  // The version distinguishes two events that share a position.
  return encodeCursor(context.services.log.epoch, event.position, `${event.task.id}-${event.task.version}`);
}

/** Where to resume after an event of any subscription; null for one that has no place in a log. */
export function eventCursor(event: unknown, context: Context): string | null {
  if (typeof event !== 'object' || event === null || !('position' in event)) return null;
  if ('task' in event) return cursorOf(event as Kind<'transition'>, {}, context);
  const { position, event: entry } = event as { position: Position; event: { id: string } };
  return encodeCursor(context.services.log.epoch, position, entry.id);
}

/** Whether the caller may see the task was decided for the stream. */
function showTask({ task }: { task: TaskRow }, _args: unknown, context: Context) {
  context.granted.add(task.id);
  return asTask(task);
}
