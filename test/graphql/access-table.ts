/** DESIGN.md's table of who may do what, a row for each operation and what it is about. */
import type { Api, Caller } from '../support/api.ts';
import { newBulk, newJob, newSchedule, newView, type TaskInStatus, taskIn } from './task-in-status.ts';
import {
  anyOf,
  bothOf,
  createTestCallers,
  inRoom,
  NAMES,
  type Name,
  type TestCallers,
  without,
  withRole,
} from './test-callers.ts';

// For tasks of the room "here" that the creator submitted.
const EVERYBODY = NAMES;
const WORKERS = withRole('ADMIN', 'WORKER');
const SEE_ROOM = bothOf(inRoom('here'), withRole('ADMIN', 'WORKER', 'MEMBER'));
const SEE_OWN: Name[] = ['creator', 'exCreator'];
const SEE_TASK = anyOf(SEE_ROOM, SEE_OWN);
/** Of a task that the owner's worker holds. */
const SEE_HELD = anyOf(SEE_TASK, ['owner', 'exOwner']);
const THROUGH_WORKER: Name[] = ['admin', 'owner', 'exOwner'];
/** Who sees the worker of the owner and may not act through it. */
const SEE_WORKER = without(SEE_ROOM, ...THROUGH_WORKER);
const CANCEL = SEE_TASK;
const MANAGE_SCHEDULES = bothOf(WORKERS, inRoom('here'));
const RETRY = anyOf(['admin'], SEE_OWN);

export interface Row {
  operation: string;
  about: string;
  /** Made anew for each caller where somebody may change it. */
  variables: (stage: AccessFixture) => Promise<Record<string, unknown>> | Record<string, unknown>;
  /** The same about something that does not exist. */
  unknown: Record<string, unknown>;
  ok: Name[];
  /** See it and may not do it; all others get the answer about what does not exist. */
  forbidden?: Name[];
}

const NO_TASK = 'task_01h455vb4pex5vsknk084sn02q';
const NO_WORKER = 'worker_01h455vb4pex5vsknk084sn02q';
const NO_ASSET = 'asset_01h455vb4pex5vsknk084sn02q';
const NO_SCHEDULE = 'schedule_01h455vb4pex5vsknk084sn02q';
/** A webhook that nothing is sent to. */
const QUIET = { url: 'http://127.0.0.1:9', types: ['OPERATION_SKIPPED'] };
const NO_WEBHOOK = 'webhook_01h455vb4pex5vsknk084sn02q';
const NO_DELIVERY = 'delivery_01h455vb4pex5vsknk084sn02q';
const NO_VIEW = 'view_01h455vb4pex5vsknk084sn02q';
const NO_RUN = 'run_01h455vb4pex5vsknk084sn02q';
const NO_KEY = 'key_01h455vb4pex5vsknk084sn02q';
const NO_JOB = 'job_01h455vb4pex5vsknk084sn02q';

/** What the rows are about. */
export interface AccessFixture {
  cast: TestCallers;
  /** Jobs of the room "here" and of @global. */
  job: Awaited<ReturnType<typeof newJob>>;
  globalJob: Awaited<ReturnType<typeof newJob>>;
  /** A worker of the owner, for which work waits. */
  worker: string;
  /** Tasks of "here" that the creator submitted: nobody's, held by the owner's worker, and by the lender's. */
  task: TaskInStatus;
  held: TaskInStatus;
  lent: TaskInStatus;
  /** Of the task that the owner's worker holds. */
  asset: string;
  schedule: string;
  /** A run over no tasks, by the creator: its id without a prefix. */
  bulk: string;
  /** A position after which everybody who may has submitted something to "here". */
  before: string;
}

export async function createAccessFixture(api: Api): Promise<AccessFixture> {
  const cast = await createTestCallers(api);
  const job = await newJob(cast.owner, 'here');
  const before = (await cast.admin.ask('{ tasks { streamCursor } }')).streamCursor;
  for (const name of inRoom('here')) await cast[name].submit({ room: 'here', job: job.fullName });
  const { lender: worker, creator: submitter } = cast;
  const held = await fresh({ cast }, 'RUNNING');
  return {
    ...{ cast, job, before },
    globalJob: await newJob(cast.lender, '@global'),
    worker: await cast.owner.newWorker(job),
    task: await fresh({ cast }, 'PENDING'),
    held,
    asset: await attachTo(held, cast.owner),
    schedule: await newSchedule(cast.admin, job),
    bulk: await newBulk(cast.creator),
    lent: await taskIn('RUNNING', { worker, submitter, room: 'here', jobRoom: '@global' }),
  };
}

async function attachTo({ taskId, workerId, attempt }: TaskInStatus, by: Caller): Promise<string> {
  const input = { taskId, workerId, attempt, type: 'report', storagePath: 'a' };
  const answer = await by.ask(
    `mutation ($input: AttachAssetInput!) { attachAsset(input: $input) { ... on AttachAssetSuccess { asset { id } } } }`,
    { input },
  );
  return answer.asset.id;
}

async function newDelivery(admin: Caller): Promise<string> {
  const { id } = await admin.newWebhook(QUIET);
  const test = 'mutation ($id: ID!) { testWebhook(id: $id) { ... on TestWebhookSuccess { deliveryId } } }';
  return (await admin.ask(test, { id })).deliveryId;
}

type Status = 'PENDING' | 'CLAIMED' | 'RUNNING' | 'FAILED';

/** Another task of "here" for those who change it. */
function fresh(
  { cast, held }: Pick<AccessFixture, 'cast'> & { held?: TaskInStatus },
  status: Status,
  submitter: Name = 'creator',
) {
  return taskIn(status, { worker: cast.owner, submitter: cast[submitter], room: 'here' }, { like: held });
}

let schedules = 0;
const scheduled = (room: string, job: string) => ({
  input: { name: `made-${++schedules}`, cron: '@yearly', task: { room, job } },
});

const operationScheduled = () => ({
  input: {
    ...{ name: `made-${++schedules}`, cron: '@yearly' },
    operation: { operation: 'retire_jobs', dryRun: true },
  },
});
async function newOperationSchedule(admin: Caller): Promise<string> {
  const { schedule } = await admin.ask(
    'mutation ($input: CreateScheduleInput!) { createSchedule(input: $input) { ... on ScheduleSuccess { schedule { id } } } }',
    operationScheduled(),
  );
  return schedule.id;
}

const attempt = async (stage: AccessFixture, status: Status, more: object = {}) => {
  const { taskId, workerId, attempt } = await fresh(stage, status);
  return { input: { taskId, workerId, attempt, ...more } };
};
const noAttempt = (more: object = {}) => ({
  input: { taskId: NO_TASK, workerId: NO_WORKER, attempt: 1, ...more },
});
const report = (operation: string, status: Status, more: object = {}): Row => ({
  operation,
  about: 'an attempt that the worker of the owner holds',
  variables: (stage) => attempt(stage, status, more),
  unknown: noAttempt(more),
  ok: THROUGH_WORKER,
  forbidden: without(SEE_HELD, ...THROUGH_WORKER),
});
const submission = ({ job }: AccessFixture) => ({ room: 'here', job: job.fullName });

export const ROWS: Row[] = [
  { operation: 'viewer', about: 'oneself', variables: () => ({}), unknown: {}, ok: EVERYBODY },
  { operation: 'server', about: 'the server', variables: () => ({}), unknown: {}, ok: EVERYBODY },
  { operation: 'rooms', about: 'rooms of the caller', variables: () => ({}), unknown: {}, ok: EVERYBODY },
  // see jobs of a room (and @global)
  ...['job', 'node', 'nodes'].flatMap((operation): Row[] => {
    const ask = (job: { id: string; fullName: string }) =>
      operation === 'job'
        ? { fullName: job.fullName }
        : operation === 'node'
          ? { id: job.id }
          : { ids: [job.id] };
    const unknown = ask({ id: NO_JOB, fullName: 'here:general:none' });
    return [
      {
        operation,
        about: 'a job of the room',
        variables: ({ job }) => ask(job),
        unknown,
        ok: inRoom('here'),
      },
      {
        operation,
        about: 'a job of @global',
        variables: ({ globalJob }) => ask(globalJob),
        unknown,
        ok: EVERYBODY,
      },
    ];
  }),
  {
    operation: 'jobs',
    about: 'the room',
    variables: () => ({ room: 'here' }),
    unknown: { room: 'nowhere' },
    ok: inRoom('here'),
  },
  {
    operation: 'jobs',
    about: '@global',
    variables: () => ({ room: '@global' }),
    unknown: { room: 'nowhere' },
    ok: EVERYBODY,
  },
  { operation: 'jobs', about: 'all rooms', variables: () => ({}), unknown: {}, ok: EVERYBODY },
  { operation: 'jobEvents', about: 'all rooms', variables: () => ({}), unknown: {}, ok: EVERYBODY },
  {
    operation: 'jobEvents',
    about: 'the room',
    variables: () => ({ room: 'here' }),
    unknown: { room: 'nowhere' },
    ok: inRoom('here'),
  },
  {
    operation: 'checkPayload',
    about: 'a job of the room',
    variables: ({ job }) => ({ room: 'here', job: job.fullName }),
    unknown: { room: 'nowhere', job: 'here:general:none' },
    ok: inRoom('here'),
  },
  {
    operation: 'cronPreview',
    about: 'a cron line',
    variables: () => ({ cron: '@daily' }),
    unknown: {},
    ok: EVERYBODY,
  },
  // change jobs of a room
  ...['updateJob', 'retireJob', 'restoreJob'].flatMap((operation): Row[] => {
    const limits = [{ name: 'one', scope: 'CREATOR', maxRunning: 1 }];
    const turns = { fairness: 'KEY', fairnessKeyPointer: '/to' };
    const change = operation === 'updateJob' ? { description: 'anew', limits, ...turns } : {};
    const ask = (fullName: string) => ({ input: { fullName, ...change } });
    const row = (room: 'here' | '@global'): Row => ({
      operation,
      about: room === 'here' ? 'a job of the room' : 'a job of @global',
      variables: async ({ cast }) =>
        ask((await newJob(room === 'here' ? cast.owner : cast.lender, room)).fullName),
      unknown: ask('here:general:none'),
      ok: bothOf(WORKERS, inRoom(room)),
      forbidden: (room === 'here' ? inRoom('here') : EVERYBODY).filter(
        (name) => !bothOf(WORKERS, inRoom(room)).includes(name),
      ),
    });
    return [row('here'), row('@global')];
  }),
  // see tasks, and their streams
  ...['task', 'node', 'nodes', 'taskEvents'].flatMap((operation): Row[] => {
    const ask = (taskId: string) =>
      ({ task: { id: taskId }, node: { id: taskId }, nodes: { ids: [taskId] }, taskEvents: { taskId } })[
        operation
      ] ?? {};
    const unknown = ask(NO_TASK);
    return [
      {
        operation,
        about: 'a task of the room',
        variables: ({ task }) => ask(task.taskId),
        unknown,
        ok: SEE_TASK,
      },
      {
        operation,
        about: 'a task that a worker holds',
        variables: ({ held }) => ask(held.taskId),
        unknown,
        ok: SEE_HELD,
      },
      {
        operation,
        about: 'a task that a worker of elsewhere holds',
        variables: ({ lent }) => ask(lent.taskId),
        unknown,
        ok: anyOf(SEE_TASK, ['lender']),
      },
    ];
  }),
  ...(
    [
      ['a task of the room', 'task', SEE_TASK],
      ['a task that a worker holds', 'held', SEE_HELD],
      ['a task that a worker of elsewhere holds', 'lent', anyOf(SEE_TASK, ['lender'])],
    ] as const
  ).flatMap(([about, which, ok]): Row[] => [
    {
      ...{ operation: 'taskGraph', about, ok: [...ok] },
      variables: (stage) => ({ id: stage[which].taskId }),
      unknown: { id: NO_TASK },
    },
    {
      // A worker sees what it holds, and hears nothing of the room of that.
      ...{ operation: 'taskGraphEvents', about, ok: SEE_TASK },
      variables: (stage) => ({ id: stage[which].taskId, after: stage.before }),
      unknown: { id: NO_TASK },
    },
  ]),
  ...['node', 'nodes'].map((operation): Row => {
    const ask = (id: string) => (operation === 'node' ? { id } : { ids: [id] });
    return {
      operation,
      about: 'an asset of a task that a worker holds',
      variables: ({ asset }) => ask(asset),
      unknown: ask(NO_ASSET),
      ok: SEE_HELD,
    };
  }),
  ...['tasks', 'deadLetters', 'roomEvents', 'taskCounts', 'taskCountEvents', 'blockedCounts'].map(
    (operation): Row => {
      return {
        operation,
        about: 'the room',
        variables: ({ before }) => ({
          room: 'here',
          ...(operation === 'roomEvents' ? { after: before } : {}),
        }),
        unknown: { room: 'nowhere' },
        ok: inRoom('here'),
      };
    },
  ),
  ...['statistics', 'statisticsEvents', 'jobStatistics', 'errorGroups'].map((operation): Row => {
    return {
      operation,
      about: 'the room',
      variables: () => ({ room: 'here' }),
      unknown: { room: 'nowhere' },
      ok: SEE_ROOM,
      forbidden: without(inRoom('here'), ...SEE_ROOM),
    };
  }),
  {
    operation: 'createTaskToken',
    about: 'a task of the room',
    variables: ({ task }) => ({ input: { taskId: task.taskId, cancel: true } }),
    unknown: { input: { taskId: NO_TASK, cancel: true } },
    ok: SEE_TASK,
  },
  {
    operation: 'suggest',
    about: 'the room',
    variables: () => ({ room: 'here', field: 'JOB', prefix: '' }),
    unknown: { room: 'nowhere', field: 'JOB', prefix: '' },
    ok: inRoom('here'),
  },
  // saved views
  { operation: 'savedViews', about: 'oneself', variables: () => ({}), unknown: {}, ok: EVERYBODY },
  {
    operation: 'saveView',
    about: 'the room, for oneself',
    variables: () => ({ input: { name: 'mine', path: '/tasks', search: '', room: 'here' } }),
    unknown: { input: { name: 'mine', path: '/tasks', search: '', room: 'nowhere' } },
    ok: inRoom('here'),
  },
  {
    operation: 'saveView',
    about: 'the room, for others',
    variables: () => ({ input: { name: 'ours', path: '/tasks', search: '', room: 'here', shared: true } }),
    unknown: { input: { name: 'ours', path: '/tasks', search: '', room: 'nowhere', shared: true } },
    ok: bothOf(inRoom('here'), withRole('ADMIN', 'WORKER', 'MEMBER')),
    forbidden: bothOf(inRoom('here'), withRole('USER')),
  },
  ...['node', 'nodes', 'deleteView'].map((operation): Row => {
    const ask = (id: string) =>
      operation === 'node' ? { id } : operation === 'nodes' ? { ids: [id] } : { input: { id } };
    const deletes = operation === 'deleteView';
    return {
      operation,
      about: 'a view that the member shares with the room',
      variables: async ({ cast }) => ask(await newView(cast.member, { room: 'here', shared: true })),
      unknown: ask(NO_VIEW),
      ok: deletes ? ['admin', 'member'] : inRoom('here'),
      forbidden: deletes ? without(inRoom('here'), 'admin', 'member') : [],
    };
  }),
  {
    operation: 'node',
    about: 'a view that the member keeps for itself',
    variables: async ({ cast }) => ({ id: await newView(cast.member, { room: 'here' }) }),
    unknown: { id: NO_VIEW },
    ok: ['member'],
  },
  // submit to a room
  {
    operation: 'submitTask',
    about: 'the room',
    variables: (stage) => ({ input: submission(stage) }),
    unknown: { input: { room: 'nowhere', job: 'nowhere:general:none' } },
    ok: inRoom('here'),
  },
  {
    operation: 'resubmitTask',
    about: 'a task of the room',
    variables: ({ task }) => ({ input: { taskId: task.taskId } }),
    unknown: { input: { taskId: NO_TASK } },
    ok: bothOf(SEE_TASK, inRoom('here')),
    forbidden: without(SEE_TASK, ...bothOf(SEE_TASK, inRoom('here'))),
  },
  {
    operation: 'submitTasks',
    about: 'the room',
    variables: (stage) => ({ inputs: [submission(stage)] }),
    unknown: { inputs: [{ room: 'nowhere', job: 'nowhere:general:none' }] },
    ok: inRoom('here'),
  },
  // cancel; retry, discard a dead letter
  {
    operation: 'cancelTask',
    about: 'a task of the room',
    variables: async (stage) => ({ input: { taskId: (await fresh(stage, 'PENDING')).taskId } }),
    unknown: { input: { taskId: NO_TASK } },
    ok: CANCEL,
  },
  {
    operation: 'cancelTask',
    about: 'a task that a worker holds',
    variables: async (stage) => ({ input: { taskId: (await fresh(stage, 'RUNNING')).taskId } }),
    unknown: { input: { taskId: NO_TASK } },
    ok: CANCEL,
    forbidden: ['exOwner'],
  },
  {
    operation: 'retryTask',
    about: 'a task of the room',
    variables: async (stage) => ({ input: { taskId: (await fresh(stage, 'FAILED')).taskId } }),
    unknown: { input: { taskId: NO_TASK } },
    ok: RETRY,
    forbidden: without(SEE_TASK, ...RETRY),
  },
  ...['discardTask', 'restoreTask'].map(
    (operation): Row => ({
      operation,
      about: 'a task of the room',
      variables: async (stage) => ({ input: { taskId: (await fresh(stage, 'FAILED')).taskId } }),
      unknown: { input: { taskId: NO_TASK } },
      ok: RETRY,
      forbidden: without(SEE_TASK, ...RETRY),
    }),
  ),
  ...(['PENDING', 'RUNNING'] as const).map(
    (status): Row => ({
      operation: 'updateTask',
      about: status === 'PENDING' ? 'a task of the room' : 'a task that a worker holds',
      variables: async (stage) => ({
        input: { taskId: (await fresh(stage, status)).taskId, labels: { changed: 'yes' } },
      }),
      unknown: { input: { taskId: NO_TASK, labels: { changed: 'yes' } } },
      ok: CANCEL,
      forbidden: status === 'PENDING' ? [] : ['exOwner'],
    }),
  ),
  // Of all that see the room only a MEMBER may retry what is its own; a WORKER may not.
  ...(['member', 'owner'] as const).map((submitter): Row => {
    const ok: Name[] = submitter === 'member' ? ['admin', 'member'] : ['admin'];
    return {
      operation: 'retryTask',
      about: `a task that the ${submitter} submitted`,
      variables: async (stage) => ({ input: { taskId: (await fresh(stage, 'FAILED', submitter)).taskId } }),
      unknown: { input: { taskId: NO_TASK } },
      ok,
      forbidden: without(SEE_ROOM, ...ok),
    };
  }),
  ...['retryTasks', 'discardTasks'].map((operation): Row => {
    const unknown = { input: { filter: { ids: [NO_TASK] } } };
    return {
      operation,
      about: 'a dead letter of the room',
      variables: async (stage) => ({ input: { filter: { ids: [(await fresh(stage, 'FAILED')).taskId] } } }),
      unknown,
      ok: RETRY,
    };
  }),
  {
    operation: 'planBulk',
    about: 'the room',
    variables: () => ({ input: { action: 'CANCEL', room: 'here', filter: { ids: [NO_TASK] } } }),
    unknown: { input: { action: 'CANCEL', room: 'nowhere', filter: { ids: [NO_TASK] } } },
    ok: inRoom('here'),
  },
  ...['applyBulk', 'stopBulk', 'bulkRunEvents', 'node', 'nodes'].map((operation): Row => {
    const ask = (id: string) => {
      const [plan, run] = [`plan_${id}`, `bulk_${id}`];
      if (operation === 'applyBulk') return { input: { planId: plan } };
      if (operation === 'stopBulk') return { input: { runId: run } };
      return operation === 'bulkRunEvents'
        ? { runId: run }
        : operation === 'node'
          ? { id: run }
          : { ids: [run] };
    };
    return {
      operation,
      about: 'a run of the creator',
      variables: ({ bulk }) => ask(bulk),
      unknown: ask('01h455vb4pex5vsknk084sn02q'),
      ok: anyOf(['admin'], SEE_OWN),
    };
  }),
  // register a worker, a job in a room
  {
    operation: 'registerWorker',
    about: 'any',
    variables: () => ({ input: { name: 'w' } }),
    unknown: { input: { name: 'w' } },
    ok: WORKERS,
  },
  ...(['here', '@global'] as const).map((room): Row => {
    const input = (where: string) => ({ input: { room: where, category: 'general', name: 'registered' } });
    return {
      operation: 'registerJob',
      about: room === 'here' ? 'the room' : '@global',
      variables: () => input(room),
      unknown: input('nowhere'),
      ok: bothOf(WORKERS, inRoom(room)),
    };
  }),
  {
    operation: 'registerJob',
    about: 'other schemas in @global, whatever they say',
    variables: () => ({
      input: { room: '@global', category: 'general', name: 'replaced', schemaChange: 'REPLACE' },
    }),
    unknown: {},
    ok: ['admin'],
    forbidden: without(EVERYBODY, 'admin'),
  },
  ...(['pauseJob', 'resumeJob'] as const).flatMap((operation): Row[] => {
    const input = (fullName: string, room?: string) => ({ input: { fullName, room } });
    return [
      {
        operation,
        about: 'a job of the room',
        variables: async ({ cast }) => input((await newJob(cast.owner, 'here')).fullName),
        unknown: input('here:general:none'),
        ok: bothOf(WORKERS, inRoom('here')),
        forbidden: without(inRoom('here'), ...WORKERS),
      },
      {
        operation,
        about: 'a job of @global, in the room',
        variables: ({ globalJob }) => input(globalJob.fullName, 'a-room'),
        unknown: input('@global:general:none'),
        ok: bothOf(WORKERS, inRoom('a-room')),
        forbidden: without(EVERYBODY, ...bothOf(WORKERS, inRoom('a-room'))),
      },
    ];
  }),
  // schedules: those of tasks in a room, and those of operations
  ...['schedule', 'node', 'nodes', 'scheduleEvents'].flatMap((operation): Row[] => {
    const ask = (id: string) =>
      ({ nodes: { ids: [id] }, scheduleEvents: { scheduleId: id } })[operation] ?? { id };
    const row = { operation, unknown: ask(NO_SCHEDULE) };
    return [
      { ...row, about: 'a schedule', variables: ({ schedule }) => ask(schedule), ok: MANAGE_SCHEDULES },
      {
        ...row,
        about: 'a schedule of an operation',
        variables: async ({ cast }) => ask(await newOperationSchedule(cast.admin)),
        ok: ['admin'],
      },
    ];
  }),
  ...['schedules', 'scheduleEvents'].flatMap((operation): Row[] => [
    {
      operation,
      about: 'all',
      variables: () => ({}),
      unknown: {},
      ok: WORKERS,
      forbidden: without(EVERYBODY, ...WORKERS),
    },
    {
      operation,
      about: 'a room',
      variables: () => ({ room: 'here' }),
      unknown: { room: 'nowhere' },
      ok: MANAGE_SCHEDULES,
    },
  ]),
  {
    operation: 'createSchedule',
    about: 'a job of the room',
    variables: ({ job }) => scheduled('here', job.fullName),
    unknown: scheduled('nowhere', 'nowhere:general:none'),
    ok: MANAGE_SCHEDULES,
  },
  {
    operation: 'createSchedule',
    about: 'an operation',
    variables: () => operationScheduled(),
    unknown: {},
    ok: ['admin'],
    forbidden: without(EVERYBODY, 'admin'),
  },
  {
    operation: 'updateSchedule',
    about: 'a schedule',
    variables: ({ schedule }) => ({ input: { scheduleId: schedule, paused: true } }),
    unknown: { input: { scheduleId: NO_SCHEDULE, paused: true } },
    ok: MANAGE_SCHEDULES,
  },
  {
    operation: 'runScheduleNow',
    about: 'a schedule',
    variables: ({ schedule }) => ({ scheduleId: schedule }),
    unknown: { scheduleId: NO_SCHEDULE },
    ok: MANAGE_SCHEDULES,
  },
  {
    operation: 'deleteSchedule',
    about: 'a schedule',
    variables: async ({ cast, job }) => ({ scheduleId: await newSchedule(cast.admin, job) }),
    unknown: { scheduleId: NO_SCHEDULE },
    ok: MANAGE_SCHEDULES,
  },
  // claim and report; keep a worker alive, remove it, listen for it
  {
    operation: 'registerJob',
    about: 'for the worker of the owner',
    variables: async ({ cast, job }) => ({
      input: {
        ...{ room: '@global', category: 'general', name: 'for-a-worker' },
        // Of its own for each: once it serves @global, everybody but a USER sees it.
        workerId: await cast.owner.newWorker(job),
      },
    }),
    unknown: { input: { room: '@global', category: 'general', name: 'for-a-worker', workerId: NO_WORKER } },
    ok: ['admin'],
    forbidden: ['everyWorker'],
  },
  // see workers that serve the room
  ...['worker', 'node', 'nodes'].map((operation): Row => {
    const ask = (id: string) => (operation === 'nodes' ? { ids: [id] } : { id });
    return {
      operation,
      about: 'a worker of the owner',
      variables: async ({ cast, job }) => ask(await cast.owner.newWorker(job)),
      unknown: ask(NO_WORKER),
      ok: anyOf(SEE_ROOM, THROUGH_WORKER),
    };
  }),
  ...['workers', 'workerEvents'].map((operation): Row => {
    return {
      operation,
      about: 'the room',
      variables: () => ({ filter: { room: 'here' } }),
      unknown: { filter: { room: 'nowhere' } },
      ok: SEE_ROOM,
      forbidden: withRole('USER'),
    };
  }),
  {
    operation: 'drainWorker',
    about: 'the worker of the owner',
    variables: async ({ cast, job }) => ({ input: { workerId: await cast.owner.newWorker(job) } }),
    unknown: { input: { workerId: NO_WORKER } },
    ok: THROUGH_WORKER,
    forbidden: SEE_WORKER,
  },
  ...['heartbeat', 'workerSignals'].map((operation): Row => {
    const ask = (id: string) => ({ workerId: id });
    return {
      operation,
      about: 'the worker of the owner',
      variables: ({ worker }) => ask(worker),
      unknown: ask(NO_WORKER),
      ok: THROUGH_WORKER,
      forbidden: SEE_WORKER,
    };
  }),
  {
    operation: 'deregisterWorker',
    about: 'the worker of the owner',
    variables: async ({ cast, job }) => ({ workerId: await cast.owner.newWorker(job) }),
    unknown: { workerId: NO_WORKER },
    ok: THROUGH_WORKER,
    forbidden: SEE_WORKER,
  },
  {
    operation: 'claimTasks',
    about: 'the worker of the owner',
    variables: ({ worker }) => ({ input: { workerId: worker } }),
    unknown: { input: { workerId: NO_WORKER } },
    ok: THROUGH_WORKER,
    forbidden: SEE_WORKER,
  },
  report('startTask', 'CLAIMED'),
  report('releaseTask', 'RUNNING'),
  report('reportProgress', 'RUNNING', { percent: 1 }),
  report('completeTask', 'RUNNING'),
  report('attachAsset', 'RUNNING', { type: 'report', storagePath: 'a' }),
  report('failTask', 'RUNNING', { error: { message: 'no' } }),
  {
    ...report('completeTasks', 'RUNNING'),
    variables: async (stage) => ({ inputs: [(await attempt(stage, 'RUNNING')).input] }),
    unknown: { inputs: [noAttempt().input] },
  },
  // keys, operations, schedules, events, settings
  ...['operations', 'operationRuns', 'operationRunEvents', 'events'].map(
    (operation): Row => ({
      operation,
      about: 'the server',
      variables: () => ({}),
      unknown: {},
      ok: ['admin'],
      forbidden: without(EVERYBODY, 'admin'),
    }),
  ),
  {
    operation: 'eventStream',
    about: 'the server',
    variables: ({ before }) => ({ after: before }),
    unknown: {},
    ok: ['admin'],
    forbidden: without(EVERYBODY, 'admin'),
  },
  {
    operation: 'webhooks',
    about: 'the server',
    variables: () => ({}),
    unknown: {},
    ok: ['admin'],
    forbidden: without(EVERYBODY, 'admin'),
  },
  {
    operation: 'createWebhook',
    about: 'the server',
    variables: () => ({ input: QUIET }),
    unknown: {},
    ok: ['admin'],
    forbidden: without(EVERYBODY, 'admin'),
  },
  ...['updateWebhook', 'deleteWebhook', 'testWebhook', 'webhookDeliveries', 'webhookDeliveryEvents'].map(
    (operation): Row => {
      const ask = (id: string) =>
        operation === 'updateWebhook'
          ? { input: { id, enabled: false } }
          : operation.startsWith('webhookDelivery') || operation === 'webhookDeliveries'
            ? { webhookId: id }
            : { id };
      return {
        operation,
        about: 'a webhook',
        variables: async ({ cast }) => ask((await cast.admin.newWebhook(QUIET)).id),
        unknown: ask(NO_WEBHOOK),
        ok: ['admin'],
        forbidden: without(EVERYBODY, 'admin'),
      };
    },
  ),
  {
    operation: 'redeliverWebhook',
    about: 'a delivery',
    variables: async ({ cast }) => ({ input: { deliveryId: await newDelivery(cast.admin) } }),
    unknown: { input: { deliveryId: NO_DELIVERY } },
    ok: ['admin'],
    forbidden: without(EVERYBODY, 'admin'),
  },
  {
    operation: 'runOperation',
    about: 'the server',
    variables: () => ({ input: { operation: 'retire_jobs', dryRun: true, waitSeconds: 30 } }),
    unknown: {},
    ok: ['admin'],
    forbidden: without(EVERYBODY, 'admin'),
  },
  ...['operationRun', 'node', 'nodes'].map((operation): Row => {
    const ask = (id: string) => (operation === 'nodes' ? { ids: [id] } : { id });
    return {
      operation,
      about: 'a run of an operation',
      variables: async ({ cast }) => ask(await cast.admin.runOperation('sweep_workers', { dryRun: true })),
      unknown: ask(NO_RUN),
      ok: ['admin'],
    };
  }),
  // keys
  {
    operation: 'apiKeys',
    about: 'all',
    variables: () => ({}),
    unknown: {},
    ok: ['admin'],
    forbidden: without(EVERYBODY, 'admin'),
  },
  {
    operation: 'createApiKey',
    about: 'any',
    variables: () => ({ input: { name: 'k', role: 'USER', rooms: ['here'] } }),
    unknown: { input: { name: 'k', role: 'USER', rooms: ['here'] } },
    ok: ['admin'],
    forbidden: without(EVERYBODY, 'admin'),
  },
  {
    operation: 'revokeApiKey',
    about: 'one that there is',
    variables: async ({ cast }) => ({ id: await newKey(cast.admin) }),
    unknown: { id: NO_KEY },
    ok: ['admin'],
    forbidden: without(EVERYBODY, 'admin'),
  },
  ...['node', 'nodes'].map((operation): Row => {
    const ask = (id: string) => (operation === 'node' ? { id } : { ids: [id] });
    return {
      operation,
      about: 'an API key',
      variables: async ({ cast }) => ask(await newKey(cast.admin)),
      unknown: ask(NO_KEY),
      ok: ['admin'],
    };
  }),
];

async function newKey(admin: Caller): Promise<string> {
  return (await admin.createKey({ name: 'of nobody', role: 'USER' })).apiKey.id;
}
