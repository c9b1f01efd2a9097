/** Every problem of every operation that can answer with it, provoked once: a row for each, or the reason why not. */
import { isUnionType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { type Api, type Caller, PROBLEM, startApi, type TaskVerb } from '../support/api.ts';
import { issue, type Row } from './problem-row.ts';
import { expectUntouched, OPERATOR_ROWS, prepareOperatorRows } from './problems-of-operators.ts';
import { newJob, newView, type TaskInStatus, taskIn } from './task-in-status.ts';

const NO_TASK = 'task_01h455vb4pex5vsknk084sn02q';
const NO_WORKER = 'worker_01h455vb4pex5vsknk084sn02q';

/** What every problem of a type says. */
const FIXED: Record<string, { type: string; title: string; status: number }> = {
  JobNotFound: { type: '/problems/job-not-found', title: 'Job not found', status: 404 },
  JobInUse: { type: '/problems/job-in-use', title: 'Job in use', status: 409 },
  TaskNotFound: { type: '/problems/task-not-found', title: 'Task not found', status: 404 },
  WorkerNotFound: { type: '/problems/worker-not-found', title: 'Worker not found', status: 404 },
  ScheduleNotFound: { type: '/problems/schedule-not-found', title: 'Schedule not found', status: 404 },
  WebhookNotFound: { type: '/problems/webhook-not-found', title: 'Webhook not found', status: 404 },
  ViewNotFound: { type: '/problems/view-not-found', title: 'View not found', status: 404 },
  DeliveryNotFound: { type: '/problems/delivery-not-found', title: 'Delivery not found', status: 404 },
  BulkNotFound: { type: '/problems/bulk-not-found', title: 'Bulk not found', status: 404 },
  ApiKeyNotFound: { type: '/problems/api-key-not-found', title: 'API key not found', status: 404 },
  InvalidRoomId: { type: '/problems/invalid-room-id', title: 'Invalid room id', status: 400 },
  InvalidCategory: { type: '/problems/invalid-category', title: 'Invalid category', status: 400 },
  InvalidInput: { type: '/problems/invalid-input', title: 'Invalid input', status: 400 },
  SchemaConflict: { type: '/problems/schema-conflict', title: 'Schema conflict', status: 409 },
  InvalidTransition: { type: '/problems/invalid-transition', title: 'Invalid transition', status: 409 },
  StaleAttempt: { type: '/problems/stale-attempt', title: 'Stale attempt', status: 409 },
  StaleVersion: { type: '/problems/stale-version', title: 'Stale version', status: 409 },
  AlreadyRunning: { type: '/problems/already-running', title: 'Already running', status: 409 },
  Forbidden: { type: '/problems/forbidden', title: 'Forbidden', status: 403 },
};

let api: Api;
let wim: Caller; // WORKER in main
let wes: Caller; // another WORKER in main
let far: Caller; // WORKER elsewhere, with @global
let mia: Caller; // MEMBER in main
const at: Record<'CLAIMED' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'PENDING', TaskInStatus> = {} as never;
/** A task of main that a worker of elsewhere holds. */
let lent: TaskInStatus;

beforeAll(async () => {
  api = await startApi('pglite');
  wim = await api.caller('wim', 'WORKER', ['main']);
  wes = await api.caller('wes', 'WORKER', ['main']);
  far = await api.caller('far', 'WORKER', ['elsewhere', '@global']);
  mia = await api.caller('mia', 'MEMBER', ['main']);
  for (const status of ['PENDING', 'CLAIMED', 'RUNNING', 'COMPLETED', 'FAILED'] as const) {
    at[status] = await taskIn(status, { worker: wim, submitter: mia, room: 'main' });
  }
  lent = await taskIn('RUNNING', { worker: far, submitter: mia, room: 'main', jobRoom: '@global' });
  await prepareOperatorRows(api, mia, { room: 'main', fullName: at.PENDING.job });
});
afterAll(() => api?.close());

const held = ({ taskId, workerId, attempt }: TaskInStatus) => ({ taskId, workerId, attempt });

type Report = (input: object, caller?: Caller) => Promise<unknown>;

/** The problems of a verb that only the holder of an attempt may use. */
const holderRows = (verb: string, done: string, legal: 'CLAIMED' | 'RUNNING', report: Report) => {
  const illegal = legal === 'CLAIMED' ? 'RUNNING' : verb === 'releaseTask' ? 'COMPLETED' : 'CLAIMED';
  const allowed = { RUNNING: ['COMPLETED', 'CANCELLED'], CLAIMED: ['RUNNING', 'PENDING'], COMPLETED: [] }[
    illegal
  ];
  return {
    TaskNotFound: [() => report({ ...held(at.RUNNING), taskId: NO_TASK }), new RegExp(NO_TASK)],
    InvalidTransition: [
      () => report(held(at[illegal])),
      new RegExp(`is ${illegal} cannot be ${done}`),
      { from: illegal, allowedStatuses: expect.arrayContaining(allowed) },
    ],
    StaleAttempt: [
      () => report({ ...held(at[legal]), attempt: 7 }),
      /attempt 7 .*current attempt is 1/,
      { currentAttempt: 1 },
    ],
    Forbidden: [() => report(held(at[legal]), wes), /this worker is not yours/],
  } satisfies Record<string, Row>;
};
const holder = (verb: TaskVerb, needs: object): Report => {
  return (input, caller = wim) => caller.act(verb, { ...input, ...needs });
};
const completionRows = (complete: Report) =>
  ({
    ...holderRows('completeTask', 'completed', 'RUNNING', complete),
    InvalidInput: [
      () => complete({ ...held(at.RUNNING), result: ['\0'] }),
      /^result.0: .*U\+0000/,
      issue('result', '0'),
    ],
  }) satisfies Record<string, Row>;
const attach: Report = (input, caller = wim) =>
  caller.ask(`mutation ($i: AttachAssetInput!) { attachAsset(input: $i) { ${PROBLEM} } }`, {
    i: { type: 'report', storagePath: 'a', ...input },
  });
const nothingToCheck = 'nothing in the input can be wrong that the types of GraphQL let through';
const noAttempt = 'the caller speaks of no attempt';

const submission = (change: object) => ({ room: 'main', job: at.PENDING.job, ...change });
/** The problems of one submission, alone and in a list. */
const submissionRows = (submit: (input: object, caller?: Caller) => Promise<unknown>) =>
  ({
    JobNotFound: [() => submit({ job: 'main:general:none' }), /"main:general:none".*jobs\(room:\)/],
    TaskNotFound: [() => submit({ dependsOn: [{ taskId: NO_TASK }] }), new RegExp(NO_TASK)],
    InvalidRoomId: [() => submit({ room: 'a@b' }), /"a@b" is no room id/],
    InvalidInput: [
      () => submit({ priority: 1, correlationId: '' }),
      /^correlationId: /,
      issue('correlationId'),
    ],
    Forbidden: [() => submit({ room: 'elsewhere' }), /elsewhere.*not among the rooms/],
  }) satisfies Record<string, Row>;

const NO_PLAN = 'plan_01h455vb4pex5vsknk084sn02q';
const planBulk = (caller: Caller, input: object) =>
  caller.ask(`mutation ($input: PlanBulkInput!) { planBulk(input: $input) { ${PROBLEM} } }`, { input });
const NO_VIEW = 'view_01h455vb4pex5vsknk084sn02q';
const saveView = (more: object) =>
  mia.ask(`mutation ($input: SaveViewInput!) { saveView(input: $input) { ${PROBLEM} } }`, {
    input: { name: 'mine', path: '/tasks', search: '', ...more },
  });
const deleteView = (id: string) =>
  mia.ask(`mutation ($id: ID!) { deleteView(input: { id: $id }) { ${PROBLEM} } }`, { id });
const resubmit = (caller: Caller, input: object) =>
  caller.ask(`mutation ($input: ResubmitTaskInput!) { resubmitTask(input: $input) { ${PROBLEM} } }`, {
    input,
  });
const bulk = (operation: 'retryTasks' | 'discardTasks') => {
  const ask = (input: object, caller = mia) =>
    caller.ask(`mutation ($i: DeadLettersInput!) { ${operation}(input: $i) { ${PROBLEM} } }`, { i: input });
  return {
    InvalidRoomId: [() => ask({ room: ' ' }), /" " is no room id/],
    InvalidInput: [
      () => ask({ filter: { createdBy: '' } }),
      /^filter.createdBy: /,
      issue('filter', 'createdBy'),
    ],
    Forbidden: [() => ask({}, wim), /worker cannot/],
  } satisfies Record<string, Row>;
};

const NO_SUCH_JOB = 'main:general:none';
const updateJob = (caller: Caller, input: object) =>
  caller.ask(`mutation ($input: UpdateJobInput!) { updateJob(input: $input) { ${PROBLEM} } }`, { input });
const jobByName = (verb: 'retireJob' | 'restoreJob', caller: Caller, fullName: string) =>
  caller.ask(`mutation ($input: JobInput!) { ${verb}(input: $input) { ${PROBLEM} } }`, {
    input: { fullName },
  });
const jobRows = (verb: 'retireJob' | 'restoreJob') =>
  ({
    JobNotFound: [() => jobByName(verb, wim, NO_SUCH_JOB), new RegExp(NO_SUCH_JOB)],
    Forbidden: [() => jobByName(verb, mia, at.PENDING.job), /WORKER whose token names the room/],
  }) satisfies Record<string, Row>;

const pauseRows = (operation: 'pauseJob' | 'resumeJob') => {
  const input = `${operation[0]?.toUpperCase()}${operation.slice(1)}Input`;
  const ask = (caller: Caller, target: object) =>
    caller.ask(`mutation ($input: ${input}!) { ${operation}(input: $input) { ${PROBLEM} } }`, {
      input: { fullName: at.PENDING.job, ...target },
    });
  return {
    JobNotFound: [() => ask(wim, { fullName: NO_SUCH_JOB }), new RegExp(NO_SUCH_JOB)],
    InvalidRoomId: [() => ask(wim, { room: 'a@b' }), /"a@b" is no room id/],
    InvalidInput:
      operation === 'resumeJob'
        ? nothingToCheck
        : [() => ask(wim, { reason: 'x'.repeat(1_001) }), /^reason: /, issue('reason')],
    Forbidden: [() => ask(mia, {}), /MEMBER cannot pause jobs/],
  } satisfies Record<string, Row>;
};

const createTaskToken = (caller: Caller, details: object) =>
  caller.ask(`mutation ($input: CreateTaskTokenInput!) { createTaskToken(input: $input) { ${PROBLEM} } }`, {
    input: { taskId: at.PENDING.taskId, ...details },
  });

const ROWS: Record<string, Record<string, Row>> = {
  pauseJob: pauseRows('pauseJob'),
  resumeJob: pauseRows('resumeJob'),
  createTaskToken: {
    TaskNotFound: [() => createTaskToken(mia, { taskId: NO_TASK }), new RegExp(NO_TASK)],
    InvalidInput: [() => createTaskToken(mia, { seconds: 0 }), /^seconds: /, issue('seconds')],
    Forbidden: [
      () => createTaskToken(far, { taskId: lent.taskId, cancel: true }),
      /may not cancel this task/,
    ],
  },
  updateJob: {
    JobNotFound: [() => updateJob(far, { fullName: at.PENDING.job }), /main:general/],
    InvalidInput: [
      () => updateJob(wim, { fullName: at.PENDING.job, fairness: 'ROOM', fairnessKeyPointer: '/to' }),
      /^fairnessKeyPointer: is for the fairness KEY alone/,
      issue('fairnessKeyPointer'),
    ],
    Forbidden: [() => updateJob(mia, { fullName: at.PENDING.job }), /WORKER whose token names the room/],
  },
  restoreJob: jobRows('restoreJob'),
  retireJob: {
    ...jobRows('retireJob'),
    JobInUse: [
      () => jobByName('retireJob', wim, at.PENDING.job),
      /Living workers that serve it: 1; unfinished tasks: 1\./,
      { workers: 1, unfinished: 1 },
    ],
  },
  registerWorker: {
    InvalidInput: [
      () => registerWorker(wim, { name: '', capacity: 0 }),
      /^name: .*\(and 1 more\)$/,
      { issues: [...issue('name').issues, ...issue('capacity').issues] },
    ],
    Forbidden: [() => registerWorker(mia, { name: 'x' }), /MEMBER cannot register workers/],
  },
  registerJob: {
    InvalidRoomId: [() => registerJob({ room: '@globe' }), /"@globe" is no room id/],
    InvalidCategory: [
      () => registerJob({ category: 'sports' }),
      /"sports" is no category.*modifiers, selections, analysis, general/,
      { allowed: ['modifiers', 'selections', 'analysis', 'general'] },
    ],
    InvalidInput: [() => registerJob({ name: 'a:b' }), /^name: /, issue('name')],
    SchemaConflict: [
      async () => {
        const { name, id } = await newJob(wim, 'main', { payloadSchema: { type: 'object' } });
        const answer = await registerJob({ name, payloadSchema: { type: 'array' } });
        expect(answer.existing).toMatchObject({ id, payloadSchema: { type: 'object' }, resultSchema: null });
        return answer;
      },
      /already registered with another payload schema\. They differ at \/type: "object" is registered, "array" was sent/,
      { existing: expect.anything(), narrowings: [] },
    ],
    WorkerNotFound: [() => registerJob({ workerId: NO_WORKER }), new RegExp(NO_WORKER)],
    Forbidden: [
      () => registerJob({ room: 'elsewhere' }),
      /cannot register jobs in elsewhere.*Set the job's room to one of them \(main/,
    ],
  },
  submitTask: submissionRows((change, caller = mia) => caller.submit(submission(change))),
  submitTasks: {
    InvalidInput: [() => mia.submitAll([]), /^inputs: must have 1 to 1000 entries$/, issue('inputs')],
  },
  'submitTasks.results': submissionRows(async (change, caller = mia) => {
    const { results } = await caller.submitAll([submission({}), submission(change), submission({})]);
    expect([results[0].__typename, results[2].__typename]).toEqual([
      'SubmitTaskSuccess',
      'SubmitTaskSuccess',
    ]);
    return results[1];
  }),
  claimTasks: {
    WorkerNotFound: [() => wim.claim({ workerId: NO_WORKER }), new RegExp(NO_WORKER)],
    InvalidInput: [() => wim.claim({ workerId: NO_WORKER, limit: 501 }), /^limit: /, issue('limit')],
    Forbidden: [async () => mia.claim({ workerId: await servingWorker() }), /belongs to somebody else/],
  },
  heartbeat: {
    WorkerNotFound: [() => ofWorker('heartbeat'), /Register it again/],
    Forbidden: [async () => ofWorker('heartbeat', await servingWorker(), mia), /belongs to somebody else/],
  },
  drainWorker: {
    WorkerNotFound: [
      () => wim.ask(`mutation { drainWorker(input: { workerId: "${NO_WORKER}" }) { ${PROBLEM} } }`),
      /Register it again/,
    ],
    Forbidden: [
      async () =>
        mia.ask(`mutation { drainWorker(input: { workerId: "${await servingWorker()}" }) { ${PROBLEM} } }`),
      /belongs to somebody else/,
    ],
  },
  deregisterWorker: {
    WorkerNotFound: [() => ofWorker('deregisterWorker'), /Register it again/],
    Forbidden: [
      async () => ofWorker('deregisterWorker', await servingWorker(), mia),
      /belongs to somebody else/,
    ],
  },
  startTask: {
    ...holderRows('startTask', 'started', 'CLAIMED', holder('startTask', {})),
    InvalidInput: nothingToCheck,
  },
  releaseTask: {
    ...holderRows('releaseTask', 'released', 'RUNNING', holder('releaseTask', {})),
    InvalidInput: nothingToCheck,
  },
  reportProgress: {
    ...holderRows('reportProgress', 'reported on', 'RUNNING', holder('reportProgress', { percent: 1 })),
    InvalidInput: [
      () => wim.act('reportProgress', { ...held(at.RUNNING), percent: 100.5 }),
      /^percent: /,
      issue('percent'),
    ],
  },
  completeTask: completionRows(holder('completeTask', {})),
  completeTasks: completionRows(async (input, caller = wim) => {
    const other = { ...held(at.RUNNING), taskId: NO_TASK };
    const query = `mutation ($i: [CompleteTaskInput!]!) { completeTasks(inputs: $i) { ${PROBLEM} } }`;
    const answers = await caller.ask(query, { i: [other, input, other] });
    expect([answers[0].__typename, answers[2].__typename]).toEqual(['TaskNotFound', 'TaskNotFound']);
    return answers[1];
  }),
  attachAsset: {
    ...holderRows('attachAsset', 'given an asset', 'RUNNING', attach),
    InvalidInput: [() => attach({ ...held(at.RUNNING), size: -1 }), /^size: /, issue('size')],
  },
  failTask: {
    ...holderRows('failTask', 'failed', 'RUNNING', holder('failTask', { error: { message: 'no' } })),
    InvalidInput: [
      () => wim.act('failTask', { ...held(at.RUNNING), error: { message: 'x'.repeat(10_001) } }),
      /^error.message: /,
      issue('error', 'message'),
    ],
  },
  cancelTask: {
    TaskNotFound: [() => mia.act('cancelTask', { taskId: NO_TASK }), new RegExp(NO_TASK)],
    InvalidTransition: [
      () => mia.act('cancelTask', { taskId: at.COMPLETED.taskId }),
      /is COMPLETED cannot be cancelled. It never changes again/,
      { from: 'COMPLETED', allowedStatuses: [] },
    ],
    StaleAttempt: noAttempt,
    InvalidInput: [
      () => mia.act('cancelTask', { taskId: at.PENDING.taskId, reason: 'x'.repeat(1_001) }),
      /^reason: /,
      issue('reason'),
    ],
    Forbidden: [() => far.act('cancelTask', { taskId: lent.taskId }), /your own rooms only/],
  },
  retryTask: {
    TaskNotFound: [() => mia.act('retryTask', { taskId: NO_TASK }), new RegExp(NO_TASK)],
    InvalidTransition: [
      () => mia.act('retryTask', { taskId: at.PENDING.taskId }),
      /is PENDING cannot be retried. From here it can become CLAIMED, CANCELLED/,
      { from: 'PENDING', allowedStatuses: ['CLAIMED', 'CANCELLED'] },
    ],
    StaleAttempt: noAttempt,
    InvalidInput: nothingToCheck,
    Forbidden: [() => wim.act('retryTask', { taskId: at.FAILED.taskId }), /a WORKER may not/],
  },
  ...Object.fromEntries(
    (['discardTask', 'restoreTask'] as const).map((verb): [string, Record<string, Row>] => [
      verb,
      {
        TaskNotFound: [() => mia.act(verb, { taskId: NO_TASK }), new RegExp(NO_TASK)],
        InvalidTransition: [
          () => mia.act(verb, { taskId: at.PENDING.taskId }),
          /is PENDING cannot be (discarded|restored)/,
          { from: 'PENDING', allowedStatuses: ['CLAIMED', 'CANCELLED'] },
        ],
        StaleAttempt: noAttempt,
        InvalidInput: [
          () => mia.act(verb, { taskId: at.FAILED.taskId, reason: 'x'.repeat(1_001) }),
          /^reason: /,
          issue('reason'),
        ],
        Forbidden: [() => wim.act(verb, { taskId: at.FAILED.taskId }), /a WORKER may not/],
      },
    ]),
  ),
  updateTask: {
    TaskNotFound: [() => mia.act('updateTask', { taskId: NO_TASK, priority: 1 }), new RegExp(NO_TASK)],
    InvalidTransition: [
      () => mia.act('updateTask', { taskId: at.RUNNING.taskId, priority: 1 }),
      /is RUNNING cannot be rescheduled/,
      { from: 'RUNNING', allowedStatuses: expect.arrayContaining(['COMPLETED', 'PENDING', 'CANCELLED']) },
    ],
    StaleVersion: [
      () => mia.act('updateTask', { taskId: at.PENDING.taskId, priority: 1, expectedVersion: 7 }),
      /has version 1 now/,
      { currentVersion: 1 },
    ],
    InvalidInput: [() => mia.act('updateTask', { taskId: at.PENDING.taskId }), /nothing to change/, issue()],
    Forbidden: [() => far.act('updateTask', { taskId: lent.taskId, labels: {} }), /your own rooms only/],
  },
  planBulk: {
    InvalidRoomId: [
      () => planBulk(mia, { action: 'CANCEL', room: 'a b', filter: {} }),
      /"a b" is no room id/,
    ],
    InvalidInput: [
      () => planBulk(mia, { action: 'CANCEL', filter: {}, reason: 'x'.repeat(1_001) }),
      /^reason: /,
      issue('reason'),
    ],
    Forbidden: [() => planBulk(wim, { action: 'RETRY', filter: {} }), /A worker cannot/],
  },
  applyBulk: {
    BulkNotFound: [
      () => mia.ask(`mutation { applyBulk(input: { planId: "${NO_PLAN}" }) { ${PROBLEM} } }`),
      new RegExp(NO_PLAN),
    ],
  },
  stopBulk: {
    BulkNotFound: [
      () => mia.ask(`mutation { stopBulk(input: { runId: "${NO_PLAN}" }) { ${PROBLEM} } }`),
      new RegExp(NO_PLAN),
    ],
  },
  saveView: {
    ViewNotFound: [() => saveView({ id: NO_VIEW }), new RegExp(`${NO_VIEW}.*query savedViews`)],
    InvalidInput: [() => saveView({ path: 'tasks' }), /^path: must be a path/, issue('path')],
    InvalidRoomId: [() => saveView({ room: 'a b' }), /"a b" is no room id/],
    Forbidden: [() => saveView({ shared: true }), /You may share views of your rooms/],
  },
  deleteView: {
    ViewNotFound: [() => deleteView(NO_VIEW), new RegExp(`${NO_VIEW}.*query savedViews`)],
    Forbidden: [
      async () => deleteView(await newView(wim, { room: 'main', shared: true })),
      /its owner and an ADMIN may change it/,
    ],
  },
  resubmitTask: {
    TaskNotFound: [() => resubmit(mia, { taskId: NO_TASK }), new RegExp(NO_TASK)],
    JobNotFound: 'a job that a task was submitted to is not retired while it is asked for',
    InvalidInput: [
      () => resubmit(mia, { taskId: at.PENDING.taskId, maxAttempts: 0 }),
      /^maxAttempts: /,
      issue('maxAttempts'),
    ],
    Forbidden: [() => resubmit(far, { taskId: lent.taskId }), /cannot submit to main/],
  },
  retryTasks: bulk('retryTasks'),
  discardTasks: bulk('discardTasks'),
  ...OPERATOR_ROWS,
};
describe('the table of problems', () => {
  it('has a row for every problem of every mutation, and no other', () => {
    const expected = Object.entries(schema.getMutationType()?.getFields() ?? {}).map(([name, { type }]) => {
      const union = schema.getType(String(type).replace(/[[\]!]/g, ''));
      if (!isUnionType(union)) throw new Error(`${name} has no result union.`);
      return [name, union.getTypes().map((member) => member.name)] as const;
    });
    const withoutSuccess = expected.map(([name, members]) => [
      name,
      members.filter((member) => !member.endsWith('Success')).sort(),
    ]);
    const rows = Object.entries(ROWS).map(([name, problems]) => [name, Object.keys(problems).sort()]);
    expect(Object.fromEntries(rows.filter(([name]) => name !== 'submitTasks.results'))).toEqual(
      Object.fromEntries(withoutSuccess),
    );
  });
});

for (const [operation, problems] of Object.entries(ROWS)) {
  describe(`${operation} answers`, () => {
    for (const [problem, row] of Object.entries(problems)) {
      if (typeof row === 'string') continue;
      const [provoke, detail, own = {}] = row;
      it(problem, async () => {
        expect(await provoke()).toEqual({
          __typename: problem,
          ...FIXED[problem],
          detail: expect.stringMatching(detail),
          ...own,
        });
      });
    }
  });
}

describe('what was refused', () => {
  it('has changed nothing', async () => {
    for (const [status, { taskId }] of Object.entries(at)) {
      expect(await mia.task(taskId)).toMatchObject({
        status,
        version: { PENDING: 1, CLAIMED: 2, RUNNING: 3 }[status] ?? 4,
      });
    }
    await expectUntouched();
  });
});

function registerWorker(caller: Caller, input: object) {
  const query = `mutation ($i: RegisterWorkerInput!) { registerWorker(input: $i) { ${PROBLEM} } }`;
  return caller.ask(query, { i: input });
}

function registerJob(change: object) {
  return wim.registerJob({ room: 'main', name: 'new', ...change });
}

function ofWorker(operation: string, workerId = NO_WORKER, caller = wim) {
  return caller.ask(`mutation { ${operation}(workerId: "${workerId}") { ${PROBLEM} } }`);
}

/** A worker of wim that mia sees: it serves a job of her room. */
async function servingWorker(): Promise<string> {
  return wim.newWorker(await newJob(wim, 'main'));
}
