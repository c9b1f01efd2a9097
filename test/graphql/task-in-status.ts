/** Tasks in every status, by default each of a job of its own with a worker of its own. */
import type { TaskStatus } from '../../src/domain/task.ts';
import type { Caller, Held } from '../support/api.ts';

export interface TaskInStatus extends Held {
  room: string;
  /** Full name of the job. */
  job: string;
  status: TaskStatus;
}

/** Who does what to bring a task about; the same person may be both. */
export interface TaskActors {
  /** Registers the job and the worker: a WORKER or an ADMIN of the job's room. */
  worker: Caller;
  /** Submits the task. */
  submitter: Caller;
  room: string;
  /** Room of the job, when it is not the task's. */
  jobRoom?: string;
}

let jobs = 0;
let tasks = 0;

/** A job that nobody else uses. */
export async function newJob(
  caller: Caller,
  room: string,
  settings: Record<string, unknown> = {},
): Promise<{ room: string; category: string; name: string; fullName: string; id: string }> {
  const name = `job-${++jobs}`;
  const { job, ...problem } = await caller.registerJob({ room, name, ...settings });
  if (!job) throw new Error(`The job was refused: ${JSON.stringify(problem)}`);
  return { room, category: 'general', name, fullName: job.fullName, id: job.id };
}

/** Id of a schedule that never comes to its tick while a test runs. */
export async function newSchedule(admin: Caller, job: { room: string; fullName: string }): Promise<string> {
  const { schedule } = await admin.ask(
    `mutation ($input: CreateScheduleInput!) { createSchedule(input: $input) {
      __typename ... on Problem { detail } ... on ScheduleSuccess { schedule { id } }
    } }`,
    {
      input: {
        ...{ name: `schedule-${++jobs}`, cron: '0 0 29 2 *', overlap: 'ALLOW' },
        task: { room: job.room, job: job.fullName },
      },
    },
  );
  return schedule.id;
}

/** Id, without a prefix, of a run over no tasks. */
/** A saved view of the caller. */
export async function newView(caller: Caller, more: object = {}): Promise<string> {
  const save = `mutation ($input: SaveViewInput!) { saveView(input: $input) { ... on SaveViewSuccess { view { id } } } }`;
  const input = { name: 'mine', path: '/tasks', search: '', ...more };
  return (await caller.ask(save, { input })).view.id;
}

export async function newBulk(by: Caller): Promise<string> {
  const { plan } = await by.ask(
    'mutation ($input: PlanBulkInput!) { planBulk(input: $input) { ... on PlanBulkSuccess { plan { id } } } }',
    { input: { action: 'CANCEL', filter: { ids: [] } } },
  );
  await by.ask('mutation ($id: ID!) { applyBulk(input: { planId: $id }) { __typename } }', { id: plan.id });
  return plan.id.replace('plan_', '');
}

/** A task in the status, which every way through the API can bring it to. */
export async function taskIn(
  status: Exclude<TaskStatus, 'WAITING'>,
  { worker, submitter, room, jobRoom = room }: TaskActors,
  settings: {
    job?: Record<string, unknown>;
    task?: Record<string, unknown>;
    like?: TaskInStatus | undefined;
  } = {},
): Promise<TaskInStatus> {
  // One like another is of its job, with its worker: the highest priority makes the claim find it all the same.
  const { job, workerId } = settings.like ?? (await newTaskInStatus(worker, jobRoom, settings.job));
  const { task, ...problem } = await submitter.submit({ room, job, priority: ++tasks, ...settings.task });
  if (!task) throw new Error(`The submission was refused: ${JSON.stringify(problem)}`);
  const held = { taskId: task.id, workerId, attempt: 0 };
  const situation = { room, job, status };
  if (status === 'PENDING') return { ...held, ...situation };
  if (status === 'CANCELLED') await expectSuccess(submitter.act('cancelTask', { taskId: task.id }));
  else {
    const { tasks } = await worker.claim({ workerId, start: status !== 'CLAIMED' });
    if (tasks?.[0]?.id !== task.id) throw new Error('Another task was claimed.');
    held.attempt = 1;
  }
  if (status === 'COMPLETED' || status === 'PARTIAL') {
    await expectSuccess(worker.act('completeTask', { ...held, outcome: status, result: { done: true } }));
  }
  if (status === 'FAILED') {
    await expectSuccess(worker.act('failTask', { ...held, error: { message: 'no', retryable: false } }));
  }
  return { ...held, ...situation };
}

async function newTaskInStatus(
  worker: Caller,
  room: string,
  settings?: Record<string, unknown>,
): Promise<{ job: string; workerId: string }> {
  const job = await newJob(worker, room, settings);
  return { job: job.fullName, workerId: await worker.newWorker(job) };
}

async function expectSuccess(answer: Promise<{ __typename: string }>): Promise<void> {
  const { __typename, ...rest } = await answer;
  if (!__typename.endsWith('Success')) throw new Error(`${__typename}: ${JSON.stringify(rest)}`);
}
