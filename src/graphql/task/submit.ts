/** submitTask and submitTasks. */

import { z } from 'zod';
import { canSubmitTo } from '../../domain/access.ts';
import { MAX_DEPENDENTS } from '../../domain/dependencies.ts';
import type { KeyHold } from '../../domain/key-hold.ts';
import { encodeCursor } from '../../domain/position.ts';
import { present } from '../../domain/present.ts';
import {
  Forbidden,
  type InputIssue,
  InvalidInput,
  InvalidRoomId,
  JobNotFound,
  type Problem,
  TaskNotFound,
} from '../../domain/problems.ts';
import { isVisibleFrom } from '../../domain/rooms.ts';
import type { TaskRow } from '../../domain/task.ts';
import { toTypeId } from '../../domain/typeid.ts';
import type { Duplicate, Submission, SubmitResult } from '../../store/tasks/submit/submit.ts';
import { inTurns, isRight, orProblem, settled } from '../batch-results.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { json, labelMap, parseInput, parseRoom, text } from '../input.ts';
import type { KnownJob } from '../job/directory.ts';
import { dependsOnRefused, isLinkable, type Linkable, TaskDependencyInput } from './depends-on.ts';
import { KeyHoldEnum, keyHoldOf } from './key-hold.ts';
import { linkAll, linkOne } from './link-submissions.ts';
import { asTask, TaskType } from './type.ts';
import { mayISee } from './visible.ts';

const SubmitTaskInput = builder.inputType('SubmitTaskInput', {
  fields: (t) => ({
    room: t.string({ required: true }),
    job: t.string({ required: true, description: 'Full name: room:category:name.' }),
    payload: t.field({ type: 'JSON', description: "Checked against the job's schema; left out: {}." }),
    priority: t.int({ description: 'Higher first; default 0.' }),
    runAt: t.field({ type: 'DateTime', description: 'It is not claimed before this time; default now.' }),
    idempotencyKey: t.string({
      description:
        "A second submission with the same key for the same job and room returns the first one's task, for as long as that holds the key: see `holdKey`. 256 characters at most. A USER shares no keys with others; all others share those of the room.",
    }),
    holdKey: t.field({
      type: KeyHoldEnum,
      description: 'How long the task holds its `idempotencyKey`. Left out: FOREVER.',
    }),
    holdKeySeconds: t.int({
      description:
        'Seconds from the submission for which the task holds its `idempotencyKey`, 1 to 31,536,000, whatever becomes of it. In place of `holdKey`.',
    }),
    debounceSeconds: t.int({
      description:
        'Seconds from the last submission with its `idempotencyKey` until the task runs, 1 to 604,800. Until it is claimed, each further submission with `debounceSeconds` moves `runAt` and replaces the payload; all else stays as it was. A later submission makes a new task. In place of `holdKey`, `runAt` and `dependsOn`.',
    }),
    correlationId: t.string(),
    entityType: t.string(),
    entityId: t.string(),
    labels: t.field({ type: 'JSON', description: 'Flat string map, 64 entries at most.' }),
    maxAttempts: t.int({ description: '1 to 100; left out: as the retry policy of the job says.' }),
    limitKey: t.string({
      description:
        'The key by which limits of scope KEY of the job count it, where they do not look into the payload: 1 to 256 characters. Without one they do not count it.',
    }),
    ref: t.string({
      description: 'In a list: a name of this item, by which others can depend on it. It is not stored.',
    }),
    dependsOn: t.field({
      type: [TaskDependencyInput],
      description:
        'Tasks that must end well before this one runs; until then it is WAITING. 10,000 in a request at most.',
    }),
  }),
});
export type SubmitInput = typeof SubmitTaskInput.$inferInput;

const MAX_SUBMISSIONS = 1_000;

const submission = z.object({
  job: text(1, 400),
  payload: json(),
  priority: z.int32().nullish(),
  idempotencyKey: text(1, 256).nullish(),
  correlationId: text(1, 256).nullish(),
  entityType: text(1, 256).nullish(),
  entityId: text(1, 256).nullish(),
  labels: labelMap().nullish(),
  maxAttempts: z.int().min(1).max(100).nullish(),
  limitKey: text(1, 256).nullish(),
});

export interface AcceptedSubmission {
  task: TaskRow;
  duplicate: boolean;
  payloadDiffers: boolean;
  cursor: string;
}

export const SubmitTaskSuccess = builder.objectRef<AcceptedSubmission>('SubmitTaskSuccess').implement({
  fields: (t) => ({
    task: t.field({ type: TaskType, resolve: ({ task }) => asTask(task) }),
    duplicate: t.exposeBoolean('duplicate', {
      description: 'The idempotency key is taken: this is the task that holds it.',
    }),
    payloadDiffers: t.exposeBoolean('payloadDiffers', {
      description:
        'For a duplicate: whether the payload of the task differs from that of this submission, which was ignored. False if a debounced submission has replaced it.',
    }),
    cursor: t.expose('cursor', {
      type: 'Cursor',
      description: 'Pass it as `after` to a subscription to see everything that happens to the task.',
    }),
  }),
});

const SubmitTaskResult = builder.errorUnion('SubmitTaskResult', {
  types: [SubmitTaskSuccess, JobNotFound, TaskNotFound, InvalidRoomId, InvalidInput, Forbidden],
  resolveType: () => SubmitTaskSuccess,
});

const SubmitTasksSuccess = builder
  .objectRef<{ results: (AcceptedSubmission | Problem)[] }>('SubmitTasksSuccess')
  .implement({
    fields: (t) => ({
      results: t.field({
        type: [SubmitTaskResult],
        description: 'One result per input, in order.',
        resolve: ({ results }) => results as never,
      }),
    }),
  });

const SubmitTasksResult = builder.errorUnion('SubmitTasksResult', {
  types: [SubmitTasksSuccess, InvalidInput],
  resolveType: () => SubmitTasksSuccess,
});

builder.mutationField('submitTask', (t) =>
  t.field({
    type: SubmitTaskResult,
    description:
      'Answered after the commit: the task is PENDING, or WAITING for what it depends on, and will not be lost.',
    args: { input: t.arg({ type: SubmitTaskInput, required: true }) },
    resolve: (_root, { input }, context) => submitAs(context, input),
  }),
);

/** Submits a task, as a copy of another where one is named. */
export async function submitAs(
  context: Context,
  input: SubmitInput,
  copyOf?: string,
): Promise<AcceptedSubmission> {
  const { store } = context.services;
  const [prepared] = (await inTurns(context, [input], (one) => prepare(context, one))) as [Prepared];
  const dependsOn = isLinkable(input) ? await linkOne(context, input) : undefined;
  const submit = (one: Prepared) => store.submitTask({ ...one.submission, copyOf, dependsOn });
  const result = await submit(prepared);
  return answer(context, await settleJob(context, prepared, result, submit), prepared.jobName);
}

builder.mutationField('submitTasks', (t) =>
  t.field({
    type: SubmitTasksResult,
    description:
      'Up to 1,000 submissions in one round trip and one commit; a refused one holds up no other but those that depend on it.',
    args: { inputs: t.arg({ type: [SubmitTaskInput], required: true }) },
    complexity: ({ inputs }: { inputs?: Linkable[] }) => ({
      field: 1 + (inputs ?? []).reduce((sum, input) => sum + (input?.dependsOn?.length ?? 0), 0) / 10,
      multiplier: Math.max(1, (inputs?.length ?? 1) / 10),
    }),
    resolve: async (_root, { inputs }, context) => {
      if (inputs.length === 0 || inputs.length > MAX_SUBMISSIONS) {
        throw new InvalidInput([{ path: ['inputs'], message: `must have 1 to ${MAX_SUBMISSIONS} entries` }]);
      }
      return { results: await submitAll(context, inputs) };
    },
  }),
);

/** Checks each, submits those that are right together, and puts the answers back in order. */
async function submitAll(
  context: Context,
  inputs: readonly SubmitInput[],
): Promise<(AcceptedSubmission | Problem)[]> {
  const checked = await inTurns(context, inputs, (input) => orProblem(() => prepare(context, input)));
  const prepared = inputs.some(isLinkable) ? await linkAll(context, inputs, checked) : checked;
  const right = prepared.filter(isRight);
  const { store } = context.services;
  const results = await store.submitTasks(right.map((one) => one.submission));
  const refs = inputs.flatMap(({ ref }, place) => (isRight(present(prepared[place])) ? [ref] : []));
  let next = 0;
  return settled(
    prepared.map((one) => {
      if (!isRight(one)) return one;
      const result = present(results[next++]);
      const isDependent = Boolean(one.submission.dependsOn?.length);
      if (isDependent && result.kind === 'other-schema') return schemasHaveChanged();
      if (isSettled(result) || (isDependent && result.kind === 'no-job')) {
        return orProblem(() => answer(context, result, one.jobName, refs));
      }
      const submit = ({ submission }: Prepared) => store.submitTask(submission);
      return orProblem(async () =>
        answer(context, await settleJob(context, one, result, submit), one.jobName),
      );
    }),
  );
}

/** Times that a payload is checked anew because the schemas have changed meanwhile. */
const MAX_CHECKS = 5;

type Settled = Exclude<SubmitResult, { kind: 'other-schema' }>;

/** Checks and submits again what was checked against a job that is another one by now, or has other schemas. */
async function settleJob(
  context: Context,
  { submission, jobName }: Prepared,
  first: SubmitResult,
  submit: (one: Prepared) => Promise<SubmitResult>,
): Promise<Settled> {
  let result = first;
  let tried = submission;
  for (let checks = 0; !isSettled(result) && checks < MAX_CHECKS; checks++) {
    const job = await context.services.jobs.findAgain(jobName);
    if (!job || (result.kind === 'no-job' && job.id === tried.jobId)) return { kind: 'no-job' };
    const issues = await job.validatePayload(submission.payload, viewerOf(context).id);
    if (issues.length > 0) throw payloadProblem(issues);
    tried = { ...submission, jobId: job.id, schemaVersion: job.schemaVersion };
    result = await submit({ jobName, submission: tried });
  }
  if (isSettled(result)) return result;
  throw new Error(`${jobName} has changed ${MAX_CHECKS} times while a task was submitted`);
}

function isSettled(result: SubmitResult): result is Exclude<Settled, { kind: 'no-job' }> {
  return result.kind !== 'other-schema' && result.kind !== 'no-job';
}

function payloadProblem(issues: readonly InputIssue[]): InvalidInput {
  return new InvalidInput(issues.map(({ path, message }) => ({ path: ['payload', ...path], message })));
}

/** What depends on others is not submitted again by itself: they would not be there. */
function schemasHaveChanged(): InvalidInput {
  const message = 'has changed its schemas just now: submit the list again';
  return new InvalidInput([{ path: ['job'], message }]);
}

/** A submission whose fields are right by themselves. */
type Values = z.output<typeof submission> & { runAt: Date | null; keyHold: KeyHold | undefined };

interface Prepared {
  submission: Submission;
  jobName: string;
}

/** Room, rights, job, input, payload: the first that is wrong is the answer. */
function prepare(context: Context, input: SubmitInput): Prepared | Promise<Prepared> {
  const viewer = viewerOf(context);
  const room = parseRoom(input.room);
  if (!canSubmitTo(viewer, room)) {
    throw new Forbidden(`You cannot submit to ${room}: it is not among the rooms of your token.`);
  }
  const { runAt = null } = input;
  const values: Values = { ...parseInput(submission, input), runAt, keyHold: keyHoldOf(input) };
  const { jobs } = context.services;
  const known = jobs.knownByName(values.job);
  const checked = (job: KnownJob | null) => check(context, room, values, job);
  return known ? checked(known) : jobs.find(values.job).then(checked);
}

function check(
  context: Context,
  room: string,
  values: Values,
  job: KnownJob | null,
): Prepared | Promise<Prepared> {
  if (!job || !isVisibleFrom(job.room, room)) throw new JobNotFound(values.job);
  const payload = values.payload ?? {};
  const caller = viewerOf(context).id;
  const issues = job.validatePayload(payload, caller);
  const judged = (found: InputIssue[]) =>
    found.length === 0
      ? toPrepared(context, room, values, job)
      : checkWithLatest(context, job, found, payload, caller).then((latest) =>
          toPrepared(context, room, values, latest),
        );
  return issues instanceof Promise ? issues.then(judged) : judged(issues);
}

/** Before a payload is refused: the schemas may have been widened since they were read. */
async function checkWithLatest(
  context: Context,
  job: KnownJob,
  found: InputIssue[],
  payload: unknown,
  caller: string,
): Promise<KnownJob> {
  const latest = await latestFor(context, job.id);
  if (!latest || latest.schemaVersion === job.schemaVersion) throw payloadProblem(found);
  const issues = await latest.validatePayload(payload, caller);
  if (issues.length > 0) throw payloadProblem(issues);
  return latest;
}

// A long list of payloads that are refused reads once.
const latestJobs = new WeakMap<Context, Map<string, Promise<KnownJob | null>>>();

function latestFor(context: Context, jobId: string): Promise<KnownJob | null> {
  const known = latestJobs.get(context) ?? new Map<string, Promise<KnownJob | null>>();
  latestJobs.set(context, known);
  const reading = known.get(jobId) ?? context.services.jobs.latest(jobId);
  known.set(jobId, reading);
  return reading;
}

function toPrepared(context: Context, room: string, values: Values, job: KnownJob): Prepared {
  const viewer = viewerOf(context);
  return {
    jobName: values.job,
    submission: {
      jobId: job.id,
      schemaVersion: job.schemaVersion,
      room,
      payload: values.payload ?? {},
      priority: values.priority ?? 0,
      runAt: values.runAt,
      idempotencyKey: values.idempotencyKey ?? null,
      keyHold: values.keyHold,
      // Who does not see the tasks of others does not share their keys.
      keyOwner: viewer.role === 'USER' ? viewer.id : undefined,
      correlationId: values.correlationId ?? null,
      entityType: values.entityType ?? null,
      entityId: values.entityId ?? null,
      labels: values.labels ?? {},
      createdBy: viewer.id,
      traceparent: context.traceparent,
      maxAttempts: values.maxAttempts,
      limitKey: values.limitKey,
    },
  };
}

/** @param refs of the submitted list, by which a refusal is explained */
function answer(
  context: Context,
  result: Settled,
  jobName: string,
  refs: readonly (string | null | undefined)[] = [],
): AcceptedSubmission | Promise<AcceptedSubmission> {
  switch (result.kind) {
    case 'created': {
      const { transition, task: first } = result.change;
      const task = result.now ?? first;
      const cursor = cursorAt(context, transition.horizon, transition.id);
      return { task, duplicate: false, payloadDiffers: false, cursor };
    }
    case 'duplicate':
      return answerDuplicate(context, result);
    case 'no-job':
      throw new JobNotFound(jobName);
    case 'no-parent':
      throw new TaskNotFound(toTypeId('task', result.parentId));
    case 'too-many-dependents': {
      const message = `names ${toTypeId('task', result.parentId)}, on which ${MAX_DEPENDENTS} tasks depend already: no more can. Put a task between`;
      throw new InvalidInput([{ path: ['dependsOn'], message }]);
    }
    case 'refused-item':
      throw dependsOnRefused(refs[result.place]);
  }
}

async function answerDuplicate(
  context: Context,
  { task, horizon, payloadDiffers }: Duplicate,
): Promise<AcceptedSubmission> {
  if (await mayISee(context, task)) {
    return { task, duplicate: true, payloadDiffers, cursor: cursorAt(context, horizon) };
  }
  throw new Forbidden('This idempotency key was used for a task that you may not see. Use another key.');
}

function cursorAt(context: Context, xid: string, event?: string): string {
  return encodeCursor(context.services.log.epoch, { xid, id: '0' }, event);
}
