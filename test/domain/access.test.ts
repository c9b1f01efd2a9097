import { describe, expect, it } from 'vitest';
import * as access from '../../src/domain/access.ts';
import { ROLES, type Role, type Viewer } from '../../src/domain/access.ts';

/**
 * Every rule for every kind of caller. A row is one situation; `yes` lists the roles that may, all others may not.
 * Rooms: the viewer's are ['lab'] unless the row says otherwise; its identity is `ann`.
 */
interface Row {
  rule: string;
  rooms?: string[];
  yes: Role[];
  ask: (viewer: Viewer) => boolean;
}

const own = { room: 'lab', createdBy: 'ann' };
const foreign = { room: 'lab', createdBy: 'bob' };
const ownElsewhere = { room: 'office', createdBy: 'ann' };
const foreignElsewhere = { room: 'office', createdBy: 'bob' };
const everyone = [...ROLES];

const ROWS: Row[] = [
  { rule: 'is in its room', yes: everyone, ask: (v) => access.isInRoom(v, 'lab') },
  { rule: 'is in another room', yes: ['ADMIN'], ask: (v) => access.isInRoom(v, 'office') },
  { rule: 'is in the global room', yes: ['ADMIN'], ask: (v) => access.isInRoom(v, '@global') },
  { rule: 'is in any room with *', rooms: ['*'], yes: everyone, ask: (v) => access.isInRoom(v, 'office') },
  { rule: 'is in any room without rooms', rooms: [], yes: ['ADMIN'], ask: (v) => access.isInRoom(v, 'lab') },

  { rule: 'sees jobs of its room', yes: everyone, ask: (v) => access.canSeeJobsOf(v, 'lab') },
  { rule: 'sees jobs of another room', yes: ['ADMIN'], ask: (v) => access.canSeeJobsOf(v, 'office') },
  { rule: 'sees jobs of @global', rooms: [], yes: everyone, ask: (v) => access.canSeeJobsOf(v, '@global') },

  { rule: 'sees its own task in its room', yes: everyone, ask: (v) => access.canSeeTask(v, own, false) },
  {
    rule: "sees another's task in its room",
    yes: ['ADMIN', 'WORKER', 'MEMBER'],
    ask: (v) => access.canSeeTask(v, foreign, false),
  },
  {
    rule: 'sees its own task in another room',
    yes: ['ADMIN', 'USER'],
    ask: (v) => access.canSeeTask(v, ownElsewhere, false),
  },
  {
    rule: "sees another's task in another room",
    yes: ['ADMIN'],
    ask: (v) => access.canSeeTask(v, foreignElsewhere, false),
  },
  {
    rule: "sees another's task in another room that its worker holds",
    yes: ['ADMIN', 'WORKER'],
    ask: (v) => access.canSeeTask(v, foreignElsewhere, true),
  },
  {
    rule: "sees another's task anywhere with *",
    rooms: ['*'],
    yes: ['ADMIN', 'WORKER', 'MEMBER'],
    ask: (v) => access.canSeeTask(v, foreignElsewhere, false),
  },

  {
    rule: 'sees the whole of its room',
    yes: ['ADMIN', 'WORKER', 'MEMBER'],
    ask: (v) => access.seesWholeRoom(v, 'lab'),
  },
  { rule: 'sees the whole of another room', yes: ['ADMIN'], ask: (v) => access.seesWholeRoom(v, 'office') },

  { rule: 'submits to its room', yes: everyone, ask: (v) => access.canSubmitTo(v, 'lab') },
  { rule: 'submits to another room', yes: ['ADMIN'], ask: (v) => access.canSubmitTo(v, 'office') },
  { rule: 'submits to @global', yes: ['ADMIN'], ask: (v) => access.canSubmitTo(v, '@global') },

  { rule: 'cancels its own task in its room', yes: everyone, ask: (v) => access.canCancel(v, own) },
  {
    rule: "cancels another's task in its room",
    yes: ['ADMIN', 'WORKER', 'MEMBER'],
    ask: (v) => access.canCancel(v, foreign),
  },
  {
    rule: 'cancels its own task in another room',
    yes: ['ADMIN', 'USER'],
    ask: (v) => access.canCancel(v, ownElsewhere),
  },
  {
    rule: "cancels another's task in another room",
    yes: ['ADMIN'],
    ask: (v) => access.canCancel(v, foreignElsewhere),
  },
  {
    rule: 'cancels its task by a token for it',
    yes: ['USER'],
    ask: (v) =>
      access.canCancel({ ...v, only: { taskId: 'one', cancel: true } }, { ...own, id: 'one' }) &&
      v.role === 'USER',
  },
  {
    rule: 'cancels another task, or one for which its token is not, by a token for one task',
    yes: [],
    ask: (v) =>
      access.canCancel({ ...v, only: { taskId: 'one', cancel: true } }, { ...own, id: 'two' }) ||
      access.canCancel({ ...v, only: { taskId: 'one', cancel: false } }, { ...own, id: 'one' }),
  },

  { rule: 'updates its own task in its room', yes: everyone, ask: (v) => access.canUpdate(v, own) },
  {
    rule: "updates another's task in another room",
    yes: ['ADMIN'],
    ask: (v) => access.canUpdate(v, foreignElsewhere),
  },
  {
    rule: 'updates its task by a token for it',
    yes: [],
    ask: (v) => access.canUpdate({ ...v, only: { taskId: 'one', cancel: true } }, { ...own, id: 'one' }),
  },
  { rule: 'gives tokens for tasks', yes: everyone, ask: (v) => access.canGiveTaskTokens(v) },
  {
    rule: 'gives tokens for tasks with such a token',
    yes: [],
    ask: (v) => access.canGiveTaskTokens({ ...v, only: { taskId: 'one', cancel: true } }),
  },

  { rule: 'retries any tasks', yes: ['ADMIN', 'MEMBER', 'USER'], ask: (v) => access.canRetryAny(v) },
  { rule: 'sees its own bulk run', yes: everyone, ask: (v) => access.canSeeBulk(v, { createdBy: 'ann' }) },
  { rule: "sees another's bulk run", yes: ['ADMIN'], ask: (v) => access.canSeeBulk(v, { createdBy: 'bob' }) },
  { rule: 'retries its own task', yes: ['ADMIN', 'MEMBER', 'USER'], ask: (v) => access.canRetry(v, own) },
  { rule: "retries another's task in its room", yes: ['ADMIN'], ask: (v) => access.canRetry(v, foreign) },
  {
    rule: "retries another's task in another room",
    yes: ['ADMIN'],
    ask: (v) => access.canRetry(v, foreignElsewhere),
  },

  { rule: 'registers workers', yes: ['ADMIN', 'WORKER'], ask: (v) => access.canRegisterWorkers(v) },
  {
    rule: 'registers a job in its room',
    yes: ['ADMIN', 'WORKER'],
    ask: (v) => access.canRegisterJobIn(v, 'lab'),
  },
  {
    rule: 'registers a job in another room',
    yes: ['ADMIN'],
    ask: (v) => access.canRegisterJobIn(v, 'office'),
  },
  {
    rule: 'registers a job in @global that is not among its rooms',
    yes: ['ADMIN'],
    ask: (v) => access.canRegisterJobIn(v, '@global'),
  },
  {
    rule: 'registers a job in @global that is among its rooms',
    rooms: ['@global'],
    yes: ['ADMIN', 'WORKER'],
    ask: (v) => access.canRegisterJobIn(v, '@global'),
  },

  {
    rule: 'acts through its own worker',
    yes: ['ADMIN', 'WORKER'],
    ask: (v) => access.canUseWorker(v, { owner: 'ann' }),
  },
  {
    rule: "acts through another's worker",
    yes: ['ADMIN'],
    ask: (v) => access.canUseWorker(v, { owner: 'bob' }),
  },

  { rule: 'sees workers', yes: ['ADMIN', 'WORKER', 'MEMBER'], ask: (v) => access.canSeeWorkers(v) },
  {
    rule: "sees another's worker that serves a job of its room",
    yes: ['ADMIN', 'WORKER', 'MEMBER'],
    ask: (v) => access.canSeeWorker(v, { owner: 'bob', rooms: ['office', 'lab'] }),
  },
  {
    rule: "sees another's worker that serves jobs of other rooms only",
    yes: ['ADMIN'],
    ask: (v) => access.canSeeWorker(v, { owner: 'bob', rooms: ['office'] }),
  },
  {
    rule: "sees the server's own workers",
    rooms: ['*'],
    yes: [],
    ask: (v) => access.canSeeWorker(v, { owner: access.INTERNAL_OWNER, rooms: ['@global'] }),
  },
  {
    rule: 'belongs to every room',
    yes: ['ADMIN'],
    ask: (v) => access.roomsOf(v) === null,
  },
  {
    rule: 'with * for its rooms belongs to every room',
    rooms: ['*'],
    yes: everyone,
    ask: (v) => access.roomsOf(v) === null,
  },

  {
    rule: 'sees the jobs of every room',
    yes: ['ADMIN'],
    ask: (v) => access.jobRoomsOf(v) === null,
  },
  {
    rule: 'sees the jobs of its rooms and of @global',
    yes: ['WORKER', 'MEMBER', 'USER'],
    ask: (v) => access.jobRoomsOf(v)?.join() === 'lab,@global',
  },

  { rule: 'operates the server', rooms: ['*'], yes: ['ADMIN'], ask: (v) => access.canOperate(v) },
  {
    rule: 'manages schedules',
    rooms: ['*'],
    yes: ['ADMIN', 'WORKER'],
    ask: (v) => access.canManageSchedules(v),
  },
  {
    rule: 'manages a schedule of tasks in its room',
    yes: ['ADMIN', 'WORKER'],
    ask: (v) => access.canManageSchedule(v, { room: 'lab', operation: null }),
  },
  {
    rule: 'manages a schedule of tasks in another room',
    yes: ['ADMIN'],
    ask: (v) => access.canManageSchedule(v, { room: 'office', operation: null }),
  },
  {
    rule: 'manages a schedule of an operation',
    rooms: ['*'],
    yes: ['ADMIN'],
    ask: (v) => access.canManageSchedule(v, { room: 'lab', operation: 'retire_jobs' }),
  },
  {
    rule: 'replaces schemas of a job in its room',
    yes: ['ADMIN', 'WORKER'],
    ask: (v) => access.canReplaceSchemasIn(v, 'lab'),
  },
  {
    rule: 'replaces schemas of a job in @global, where that is among its rooms',
    rooms: ['@global'],
    yes: ['ADMIN'],
    ask: (v) => access.canReplaceSchemasIn(v, '@global'),
  },
  {
    rule: 'pauses a job of its room everywhere',
    yes: ['ADMIN', 'WORKER'],
    ask: (v) => access.canPauseJob(v, 'lab', null),
  },
  {
    rule: 'pauses a job of @global in its room',
    yes: ['ADMIN', 'WORKER'],
    ask: (v) => access.canPauseJob(v, '@global', 'lab'),
  },
  {
    rule: 'pauses a job of its room in another room',
    yes: ['ADMIN'],
    ask: (v) => access.canPauseJob(v, 'lab', 'office'),
  },
  {
    rule: 'sees a view of its own',
    yes: everyone,
    ask: (v) => access.canSeeView(v, { owner: 'ann', shared: false, room: null }),
  },
  {
    rule: "sees another's view that is shared with its room",
    yes: everyone,
    ask: (v) => access.canSeeView(v, { owner: 'bob', shared: true, room: 'lab' }),
  },
  {
    rule: "sees another's view that is shared with another room",
    yes: ['ADMIN'],
    ask: (v) => access.canSeeView(v, { owner: 'bob', shared: true, room: 'office' }),
  },
  {
    rule: "sees another's view that is not shared",
    yes: [],
    ask: (v) => access.canSeeView(v, { owner: 'bob', shared: false, room: 'lab' }),
  },
  {
    rule: "changes another's view",
    yes: ['ADMIN'],
    ask: (v) => access.canEditView(v, { owner: 'bob', shared: true, room: 'lab' }),
  },
  {
    rule: 'shares a view with its room',
    yes: ['ADMIN', 'WORKER', 'MEMBER'],
    ask: (v) => access.canShareView(v, 'lab'),
  },
  { rule: 'shares a view with everybody', yes: ['ADMIN'], ask: (v) => access.canShareView(v, null) },
  { rule: 'manages API keys', rooms: ['*'], yes: ['ADMIN'], ask: (v) => access.canManageKeys(v) },
];

const CASES = ROWS.flatMap(({ rule, rooms = ['lab'], yes, ask }) =>
  ROLES.map((role) => ({ role, rule, rooms, ask, may: yes.includes(role) })),
);

describe('access', () => {
  it.each(CASES)('$role $rule: $may', ({ role, rooms, ask, may }) => {
    expect(ask({ id: 'ann', role, rooms, expiresAt: null })).toBe(may);
  });

  it('has every rule in the table', () => {
    const asked = ROWS.map(({ ask }) => ask.toString()).join();
    // Asks about a name, not about a caller.
    const rules = Object.entries(access).flatMap(([name, rule]) =>
      typeof rule === 'function' && name !== 'isSubject' ? [name] : [],
    );
    expect(rules.filter((name) => !asked.includes(`${name}(`))).toEqual([]);
  });
});
