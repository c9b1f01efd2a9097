/**
 * Values that no input may have, at every place of every operation: each is refused as what it is, none is a failure
 * of the server, and afterwards everything is as it was.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../support/api.ts';
import type { Result } from '../support/client.ts';
import { availableDatabases, type DatabaseKind } from '../support/database.ts';
import { changed, type Operation, operations } from './operations.ts';
import { newBulk, newJob, newSchedule, newView, type TaskInStatus, taskIn } from './task-in-status.ts';

let api: Api;
let admin: Caller;
let cursor: string;
let job: Awaited<ReturnType<typeof newJob>>;
let idleJob: Awaited<ReturnType<typeof newJob>>;
let idleWorker: string;
let leavingWorker: string;
let drainedWorker: string;
let schedule: string;
let leavingSchedule: string;
let schedules = 0;
let key: string;
let run: string;
let bulk: string;
let webhook: string;
let view: string;
let delivery: string;
let leavingWebhook: string;
const at: Record<string, TaskInStatus> = {};

async function prepareRows(kind: DatabaseKind): Promise<void> {
  api = await startApi(kind);
  admin = api.admin;
  const cast = { worker: admin, submitter: admin, room: 'main' };
  for (const verb of ['startTask', 'releaseTask']) at[verb] = await taskIn('CLAIMED', cast);
  for (const verb of [
    'reportProgress',
    'completeTask',
    'completeTasks',
    'attachAsset',
    'failTask',
    'cancelTask',
    'updateTask',
  ]) {
    at[verb] = await taskIn('RUNNING', cast);
  }
  for (const verb of ['retryTask', 'retryTasks', 'discardTasks', 'discardTask', 'restoreTask'])
    at[verb] = await taskIn('FAILED', cast);
  job = await newJob(admin, 'main');
  idleWorker = await admin.newWorker(job);
  leavingWorker = await admin.newWorker();
  drainedWorker = await admin.newWorker();
  idleJob = await newJob(admin, 'main');
  schedule = await newSchedule(admin, job);
  leavingSchedule = await newSchedule(admin, job);
  key = (await admin.createKey({ name: 'k', role: 'USER' })).apiKey.id;
  run = await admin.runOperation('retire_jobs', { room: 'main', dryRun: true });
  webhook = (await admin.newWebhook(WEBHOOK)).id;
  leavingWebhook = (await admin.newWebhook(WEBHOOK)).id;
  const test = 'mutation ($id: ID!) { testWebhook(id: $id) { ... on TestWebhookSuccess { deliveryId } } }';
  delivery = (await admin.ask(test, { id: webhook })).deliveryId;
  view = await newView(admin);
  bulk = await newBulk(admin);
  cursor = (await admin.ask('{ tasks { streamCursor } }')).streamCursor;
}

const held = (verb: string) => {
  const { taskId, workerId, attempt } = at[verb] as TaskInStatus;
  return { taskId, workerId, attempt };
};
const filter = () => ({ createdBy: '@admin' });
const page = () => ({ room: 'main', filter: filter(), first: 1 });
const submission = () => ({ room: 'main', job: job.fullName });
const letters = (verb: string) => ({ input: { filter: { ids: [held(verb).taskId] } } });

/** Of an address that nothing is ever sent to. */
const WEBHOOK = { url: 'http://127.0.0.1:9', types: ['OPERATION_SKIPPED'] };
const ofOperation = { operation: 'retire_jobs', room: 'main', parameters: {}, dryRun: true };

/** Variables with which each operation succeeds. */
const VALID: Record<string, () => Record<string, unknown>> = {
  viewer: () => ({}),
  server: () => ({}),
  rooms: () => ({ prefix: 'ma', first: 1 }),
  suggest: () => ({ room: 'main', field: 'JOB', key: 'a', prefix: '', first: 1 }),
  savedViews: () => ({ path: '/tasks' }),
  saveView: () => ({ input: { name: 'mine', path: '/tasks', search: 'q=a', room: 'main' } }),
  deleteView: () => ({ input: { id: view } }),
  node: () => ({ id: job.id }),
  nodes: () => ({ ids: [job.id] }),
  job: () => ({ fullName: job.fullName }),
  jobs: () => ({ room: 'main', first: 1 }),
  jobEvents: () => ({ room: 'main', fullName: job.fullName }),
  updateJob: () => ({ input: { fullName: job.fullName, timeoutSeconds: 5 } }),
  retireJob: () => ({ input: { fullName: idleJob.fullName } }),
  restoreJob: () => ({ input: { fullName: idleJob.fullName } }),
  checkPayload: () => submission(),
  cronPreview: () => ({ cron: '@daily', count: 1 }),
  task: () => ({ id: held('startTask').taskId }),
  tasks: page,
  deadLetters: page,
  schedule: () => ({ id: schedule }),
  schedules: () => ({ first: 1 }),
  scheduleEvents: () => ({ scheduleId: schedule }),
  createSchedule: () => ({ input: { name: `s${++schedules}`, cron: '@yearly', task: submission() } }),
  updateSchedule: () => ({ input: { scheduleId: schedule } }),
  runScheduleNow: () => ({ scheduleId: schedule }),
  deleteSchedule: () => ({ scheduleId: leavingSchedule }),
  statistics: () => ({ room: 'main', job: job.fullName }),
  statisticsEvents: () => ({ room: 'main', job: job.fullName, interval: 'MINUTE' }),
  jobStatistics: () => ({ room: 'main', first: 5 }),
  errorGroups: () => ({ room: 'main', job: job.fullName, first: 5 }),
  registerWorker: () => ({ input: { name: 'w' } }),
  heartbeat: () => ({ workerId: idleWorker }),
  deregisterWorker: () => ({ workerId: leavingWorker }),
  drainWorker: () => ({ input: { workerId: drainedWorker } }),
  worker: () => ({ id: idleWorker }),
  workers: () => ({ filter: { room: 'main' }, first: 1 }),
  workerEvents: () => ({ filter: { room: 'main' } }),
  registerJob: () => ({ input: { room: 'main', category: 'general', name: 'another' } }),
  pauseJob: () => ({ input: { fullName: job.fullName, room: 'attic', reason: 'none' } }),
  resumeJob: () => ({ input: { fullName: job.fullName, room: 'attic' } }),
  submitTask: () => ({ input: submission() }),
  submitTasks: () => ({ inputs: [submission()] }),
  claimTasks: () => ({ input: { workerId: idleWorker } }),
  startTask: () => ({ input: held('startTask') }),
  releaseTask: () => ({ input: held('releaseTask') }),
  reportProgress: () => ({ input: { ...held('reportProgress'), percent: 1 } }),
  completeTask: () => ({ input: held('completeTask') }),
  completeTasks: () => ({ inputs: [held('completeTasks')] }),
  attachAsset: () => ({ input: { ...held('attachAsset'), type: 'report', storagePath: 'a' } }),
  failTask: () => ({ input: { ...held('failTask'), error: { message: 'no' } } }),
  cancelTask: () => ({ input: { taskId: held('cancelTask').taskId } }),
  retryTask: () => ({ input: { taskId: held('retryTask').taskId } }),
  updateTask: () => ({ input: { taskId: held('updateTask').taskId, labels: { a: 'b' } } }),
  discardTask: () => ({ input: { taskId: held('discardTask').taskId } }),
  restoreTask: () => ({ input: { taskId: held('restoreTask').taskId } }),
  resubmitTask: () => ({ input: { taskId: held('cancelTask').taskId } }),
  createTaskToken: () => ({ input: { taskId: held('startTask').taskId } }),
  taskGraph: () => ({ id: held('startTask').taskId }),
  taskGraphEvents: () => ({ id: held('startTask').taskId, after: cursor }),
  blockedCounts: () => ({ room: 'main', job: job.fullName }),
  taskCounts: () => ({ room: 'main', filter: filter() }),
  taskCountEvents: () => ({ room: 'main', filter: filter() }),
  planBulk: () => ({ input: { action: 'CANCEL', room: 'main', filter: { ids: [] }, reason: 'none' } }),
  applyBulk: () => ({ input: { planId: `plan_${bulk}` } }),
  stopBulk: () => ({ input: { runId: `bulk_${bulk}` } }),
  bulkRunEvents: () => ({ runId: `bulk_${bulk}` }),
  retryTasks: () => letters('retryTasks'),
  discardTasks: () => letters('discardTasks'),
  taskEvents: () => ({ taskId: held('startTask').taskId, after: cursor }),
  roomEvents: () => ({ room: 'main', after: cursor }),
  workerSignals: () => ({ workerId: idleWorker }),
  apiKeys: () => ({ status: 'ACTIVE', first: 1 }),
  createApiKey: () => ({ input: { name: 'another', role: 'USER', rooms: ['main'] } }),
  revokeApiKey: () => ({ id: key }),
  operations: () => ({}),
  operationRun: () => ({ id: run }),
  operationRuns: () => ({ filter: { operation: 'retire_jobs', room: 'main' }, first: 1 }),
  runOperation: () => ({ input: { ...ofOperation, waitSeconds: 30 } }),
  operationRunEvents: () => ({ operation: 'retire_jobs', room: 'main' }),
  events: () => ({
    filter: { types: ['JOB_REGISTERED'], room: 'main', actor: '@admin', subject: job.id },
    first: 1,
  }),
  eventStream: () => ({
    types: ['WEBHOOK_DELETED'],
    actor: '@admin',
    subject: leavingWebhook,
    after: cursor,
  }),
  webhooks: () => ({ first: 1 }),
  webhookDeliveries: () => ({ webhookId: webhook, first: 1 }),
  webhookDeliveryEvents: () => ({ webhookId: webhook }),
  redeliverWebhook: () => ({ input: { deliveryId: delivery } }),
  createWebhook: () => ({ input: WEBHOOK }),
  updateWebhook: () => ({ input: { id: webhook } }),
  deleteWebhook: () => ({ id: leavingWebhook }),
  testWebhook: () => ({ id: webhook }),
};

/** Likewise, of the operations that take one thing or another. */
const VALID_OTHERWISE: Record<string, () => Record<string, unknown>> = {
  'createSchedule input.operation': () => ({
    input: { name: `s${++schedules}`, cron: '@yearly', operation: ofOperation },
  }),
  'updateSchedule input.task': () => ({ input: { scheduleId: schedule, task: submission() } }),
  'updateSchedule input.operation': () => ({ input: { scheduleId: schedule, operation: ofOperation } }),
};

/** Good variables, with what stands around the place. */
function goodAround(name: string, path: (string | number)[]): Record<string, unknown> {
  const good = VALID_OTHERWISE[`${name} ${path.slice(0, 2).join('.')}`] ?? VALID[name];
  return good?.() ?? {};
}

const TEXTS: Record<string, unknown> = {
  'U+0000': 'a\0b',
  'half a character': 'a\ud800b',
  'too much text': 'x'.repeat(200_000),
  'an object': { a: 1 },
};

/** What may not stand where a value of the type is expected. */
const HOSTILE: Record<string, Record<string, unknown>> = {
  String: TEXTS,
  Cursor: TEXTS,
  ID: {
    ...TEXTS,
    'no id': 'garbage',
    nothing: '',
    'another kind of id': 'user_01h455vb4pex5vsknk084sn02q',
    'an id beyond all ids': 'task_zzzzzzzzzzzzzzzzzzzzzzzzzz',
    'an id in capitals': 'TASK_01H455VB4PEX5VSKNK084SN02Q',
    'the id of nothing': 'task_01h455vb4pex5vsknk084sn02q',
  },
  JSON: { 'U+0000': { a: ['\0'] }, 'half a character': { '\udfff': 1 }, 'too many levels': nested(65) },
  Labels: { 'U+0000': { a: 'b\0' }, 'a number': 5, 'a list': ['a'], 'no text': { a: { b: 1 } } },
  DateTime: {
    'no date': 'yesterday',
    'no time zone': '2026-01-01T00:00:00',
    'no day': '2026-02-30T00:00:00Z',
    'a number': 5,
  },
  Int: { 'too much': 2 ** 31, 'a fraction': 1.5, text: '1', 'too little': -(2 ** 31) },
  Float: { text: '1', 'a list': [1] },
  Boolean: { text: 'true', 'a number': 1 },
  TaskStatus: { 'no status': 'DONE', 'a number': 1 },
  Role: { 'no role': 'ROOT', 'small letters': 'admin' },
  ApiKeyStatus: { 'no status': 'LOST', 'a number': 1 },
  EventType: { 'no type': 'NOTHING', 'another enum': 'INFO', 'a number': 1 },
  EventSeverity: { 'no severity': 'FATAL', 'a number': 1 },
  OperationRunStatus: { 'no status': 'QUEUED', 'a number': 1 },
  TaskOutcome: { 'a status that is no outcome': 'FAILED' },
};

/** Places where anything goes, with the reason. */
const HARMLESS = [
  // Any number is a priority; an attempt that is not held is none that the worker should keep.
  'submitTask input.priority too little',
  'retryTask input.priority too little',
  'resubmitTask input.priority too little',
  'updateTask input.priority too little',
  'submitTasks inputs.0.priority too little',
  'createSchedule input.task.priority too little',
  'updateSchedule input.task.priority too little',
  /^heartbeat holding\.0\.attempt too little/,
  // What is no id of a task is none that the worker holds.
  /^heartbeat holding\.0\.taskId (?!an object)/,
  // A stream of the events of no task, or of no worker, is a stream without events.
  /^roomEvents filter\.(ids\.0|workerId) (?!an object)/,
  // Nothing is written down of what is not there.
  /^eventStream subject (?!an object)/,
  // A plan for no task, or for no worker's, is an empty plan.
  /^planBulk input\.filter\.(ids\.0|workerId) (?!an object)/,
  // Every task has at least the lowest priority.
  / (input\.)?filter\.(min|max)Priority too little$/,
];

const CODES = ['BAD_USER_INPUT', 'INVALID_INPUT', 'INVALID_ROOM_ID', 'NOT_FOUND', 'JOB_NOT_FOUND'];

/** Whether the answer says no, or that there is nothing. */
function refusal({ data, errors }: Result): unknown {
  if (errors) {
    return errors.every(
      ({ message, extensions }) =>
        message.startsWith('Variable "$') || CODES.includes(String(extensions?.['code'])),
    );
  }
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  const [found] = Object.values(data) as any[];
  if (found === null) return true;
  if (Array.isArray(found))
    return found.every((one) => one === null || (typeof one === 'object' && 'title' in one));
  if ('title' in found || found.__typename === 'ResyncRequired') return true;
  if ('workers' in found) return found.workers.length === 0;
  if ('total' in found) return Number(found.total) === 0;
  return 'nodes' in found && found.nodes.length === 0;
}

async function perform({ kind, document }: Operation, variables: Record<string, unknown>): Promise<Result> {
  if (kind !== 'subscription') return admin.send(document, variables);
  const stream = admin.subscribe('SSE', document, variables);
  const first = await stream.next();
  stream.close();
  return first;
}

const ALL = operations({
  submitTasks: '__typename ... on Problem { title } ... on SubmitTasksSuccess { results { __typename } }',
  retryTasks: '__typename ... on Problem { title } ... on RetryTasksSuccess { retried }',
  discardTasks: '__typename ... on Problem { title } ... on DiscardTasksSuccess { discarded }',
  workerEvents: '__typename ... on WorkersSnapshot { workers { id } }',
  taskCounts: '__typename total',
  taskCountEvents: '__typename total',
});

describe.each(availableDatabases())('hostile input on %s', (kind) => {
  beforeAll(() => prepareRows(kind));
  afterAll(() => api?.close());

  it('is tried on every operation', () => {
    expect(Object.keys(VALID).sort()).toEqual(ALL.map(({ name }) => name).sort());
  });

  for (const operation of ALL.filter(({ leaves }) => leaves.length > 0)) {
    it(`is refused by ${operation.name}, wherever it stands`, async () => {
      const accepted: string[] = [];
      for (const { path, type } of operation.leaves) {
        for (const [what, value] of Object.entries(HOSTILE[type] ?? { 'an unknown type': {} })) {
          const place = `${operation.name} ${path.join('.')} ${what}`;
          if (HARMLESS.some((one) => (typeof one === 'string' ? one === place : one.test(place)))) continue;
          const answer = await perform(operation, changed(goodAround(operation.name, path), path, value));
          if (!refusal(meaning(answer))) accepted.push(`${place}: ${JSON.stringify(answer).slice(0, 300)}`);
        }
      }
      expect(accepted).toEqual([]);
    });
  }

  it('has changed nothing: each operation succeeds with good input', async () => {
    for (const operation of ALL) {
      const answer = await perform(operation, VALID[operation.name]?.() ?? {});
      // Nothing is wrong with a good payload.
      const isEmpty = Object.values(answer.data ?? {}).some((one) => Array.isArray(one) && one.length === 0);
      expect(`${operation.name} ${JSON.stringify(answer)}`).toSatisfy(
        () => isEmpty || !refusal(meaning(answer)),
      );
    }
    for (const [place, good] of Object.entries(VALID_OTHERWISE)) {
      const operation = ALL.find(({ name }) => place.startsWith(`${name} `)) as Operation;
      const answer = await perform(operation, good());
      expect(`${place} ${JSON.stringify(answer)}`).toSatisfy(() => !refusal(meaning(answer)));
    }
  });
});

/** Lists of results within a result, and counts of nothing, as what they mean. */
function meaning(answer: Result): Result {
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  const [found] = Object.values(answer.data ?? {}) as any[];
  if (found?.results) return { data: { results: found.results.map(titled) } };
  if (found?.retried === 0 || found?.discarded === 0) return { data: { nothing: null } };
  return answer;
}

function titled(result: { __typename: string }): object {
  return result.__typename.endsWith('Success') ? result : { title: result.__typename };
}

function nested(levels: number): unknown {
  let value: unknown[] = [];
  for (let level = 1; level < levels; level++) value = [value];
  return value;
}
