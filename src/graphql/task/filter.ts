/** TaskFilter: one filter for lists and counts, where it becomes SQL, and for streams, where it judges each task. */
import { z } from 'zod';
import { readErrorKind } from '../../domain/error-fingerprint.ts';
import { InvalidInput } from '../../domain/problems.ts';
import { type PayloadCondition, type TaskFilter, wordsOf } from '../../domain/task-filter.ts';
import { fromTypeId } from '../../domain/typeid.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { TaskStatusEnum } from '../enums.ts';
import { json, labelMap, parseInput, text } from '../input.ts';

const JsonConditionInput = builder.inputType('JsonCondition', {
  description:
    'Condition on one value of a JSON document. Give exactly one of `equals`, `contains` and `exists`.',
  fields: (t) => ({
    path: t.string({ required: true, description: 'JSON Pointer: /user/id. 256 characters at most.' }),
    equals: t.field({ type: 'JSON', description: 'The value equals this one, which may be null.' }),
    contains: t.string({
      description: 'The value is a string that contains this one, ignoring case: 3 to 256 characters.',
    }),
    exists: t.boolean({ description: 'Whether there is a value at the path.' }),
  }),
});

export const TaskFilterInput = builder.inputType('TaskFilter', {
  description:
    'All given conditions must hold. What has no index (entityType without entityId, labelKeys, priorities, run and finish times, payload, several statuses of which one is COMPLETED) is checked on 10,000 tasks at a time, `payload` on 2,000: see `searchedTo` of the list.',
  fields: (t) => ({
    ids: t.idList({ description: '1,000 at most; an empty list matches no task.' }),
    statuses: t.field({
      type: [TaskStatusEnum],
      description: 'Statuses that match; left out: all. An empty list matches no task.',
    }),
    job: t.string({ description: 'Full name: room:category:name.' }),
    jobs: t.stringList({
      description: 'Full names: tasks of any of these jobs. 50 at most; an empty list matches no task.',
    }),
    createdBy: t.string(),
    correlationId: t.string(),
    createdAfter: t.field({ type: 'DateTime' }),
    createdBefore: t.field({ type: 'DateTime' }),
    runAfter: t.field({
      type: 'DateTime',
      description: '`runAt` is after this time.',
    }),
    runBefore: t.field({
      type: 'DateTime',
      description: '`runAt` is before this time.',
    }),
    finishedAfter: t.field({ type: 'DateTime', description: '`finishedAt` is after this time.' }),
    finishedBefore: t.field({ type: 'DateTime', description: '`finishedAt` is before this time.' }),
    idempotencyKey: t.string(),
    entityType: t.string(),
    entityId: t.string(),
    workerId: t.id({ description: 'The worker that holds it now.' }),
    errorCode: t.string({ description: 'The `code` of its last error, such as NOT_FOUND.' }),
    errorFingerprint: t.string({
      description: 'Fingerprint of its last error: `fingerprint` of ErrorGroup, `errorFingerprint` of Task.',
    }),
    text: t.string({
      description:
        'The beginning of an id (task_01m8…), or whole words that all occur in the first 500 characters of the error message, ignoring case. 200 characters at most.',
    }),
    minPriority: t.int({ description: 'This priority or a higher one.' }),
    maxPriority: t.int({ description: 'This priority or a lower one.' }),
    discarded: t.boolean({
      description: 'true: only dead letters that were discarded; false: none of them.',
    }),
    labels: t.field({ type: 'JSON', description: 'Labels that the task must have, with their values.' }),
    labelKeys: t.stringList({ description: 'Labels that it must have, whatever their values. 16 at most.' }),
    payload: t.field({
      type: [JsonConditionInput],
      description: 'What values in the payload must be. 8 at most.',
    }),
  }),
});

export type TaskFilterArgument = typeof TaskFilterInput.$inferInput;

const name = () => text(1, 256).nullish();
const bounded = z.object({
  ids: z.array(z.string()).max(1_000).nullish(),
  job: text(1, 400).nullish(),
  jobs: z.array(text(1, 400)).max(50).nullish(),
  ...{ createdBy: name(), correlationId: name(), idempotencyKey: name() },
  ...{ entityType: name(), entityId: name(), errorCode: name(), errorFingerprint: name() },
  text: text(1, 200).nullish(),
  minPriority: z.int32().nullish(),
  maxPriority: z.int32().nullish(),
  labels: labelMap().nullish(),
  labelKeys: z.array(text(1, 128)).max(16).nullish(),
  payload: z
    .array(
      z.object({
        path: text(0, 256).regex(/^(\/([^~]|~[01])*)?$/, 'must be a JSON Pointer, as /user/id'),
        equals: json(),
        contains: text(3, 256).nullish(),
        exists: z.boolean().nullish(),
      }),
    )
    .max(8)
    .nullish(),
});

/** A validated filter, with its jobs found. */
export interface ParsedFilter {
  filter: TaskFilter;
  /** Full names of jobs that there are not; they may be registered only now. */
  missingJobs: readonly string[];
}

/** Validates a filter argument and finds its jobs. */
export async function parseFilter(
  context: Context,
  input: TaskFilterArgument | null | undefined,
): Promise<ParsedFilter> {
  if (!input) return { filter: { labels: {} }, missingJobs: [] };
  const {
    job,
    jobs,
    ids,
    labels,
    payload,
    text: search,
    errorFingerprint,
    ...simple
  } = parseInput(bounded, input, ['filter']);
  const names = namesOf(job, jobs);
  const found = await Promise.all((names ?? []).map((one) => context.services.jobs.find(one)));
  const { statuses, discarded, workerId } = input;
  const { createdAfter, createdBefore, runAfter, runBefore, finishedAfter, finishedBefore } = input;
  const filter = withoutNulls({
    ...simple,
    // What is no id of a task is the id of none.
    ids: ids?.map((id) => fromTypeId('task', id)).filter((id) => id !== null),
    // A list can name the same few again and again.
    statuses: statuses && [...new Set(statuses)],
    jobIds: names && found.flatMap((one) => (one ? [one.id] : [])),
    ...{ createdAfter, createdBefore, runAfter, runBefore, finishedAfter, finishedBefore, discarded },
    labels: labels ?? {},
    payload: payload?.map(conditionOf),
    ...(workerId == null ? {} : workerOf(workerId)),
    ...(errorFingerprint == null ? {} : kindOf(errorFingerprint)),
    ...(search == null ? {} : searchOf(search)),
  }) as unknown as TaskFilter;
  return { filter, missingJobs: (names ?? []).filter((_, n) => !found[n]) };
}

/** What both conditions allow; undefined where there is none. */
function namesOf(job: string | null | undefined, jobs: string[] | null | undefined): string[] | undefined {
  if (job == null) return jobs == null ? undefined : [...new Set(jobs)];
  return jobs == null || jobs.includes(job) ? [job] : [];
}

function conditionOf(
  { path, equals, contains, exists }: NonNullable<z.output<typeof bounded>['payload']>[number],
  index: number,
): PayloadCondition {
  const given = [equals !== undefined, contains != null, exists != null].filter(Boolean).length;
  if (given !== 1) {
    const message = 'must have one of equals, contains and exists';
    throw new InvalidInput([{ path: ['filter', 'payload', String(index)], message }]);
  }
  const segments = path
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (contains != null) return { path: segments, contains };
  return exists != null ? { path: segments, exists } : { path: segments, equals };
}

function workerOf(id: string): Partial<TaskFilter> {
  const workerId = fromTypeId('worker', id);
  return workerId === null ? { ids: [] } : { workerId };
}

function kindOf(fingerprint: string): Partial<TaskFilter> {
  const errorKind = readErrorKind(fingerprint);
  return errorKind === null ? { ids: [] } : { errorKind };
}

const ID_BEGINNING = /^task_[0-9a-hjkmnp-tv-z]{0,26}$/;
const ID_DIGITS = 26;

function searchOf(search: string): Partial<TaskFilter> {
  const trimmed = search.trim();
  if (!trimmed.startsWith('task_')) {
    const errorWords = [...new Set(wordsOf(trimmed))].slice(0, 16);
    // Text without a word is in no message.
    return errorWords.length > 0 ? { errorWords } : { ids: [] };
  }
  const beginning = ID_BEGINNING.test(trimmed) ? trimmed : 'task_z';
  const lowest = fromTypeId('task', beginning.padEnd('task_'.length + ID_DIGITS, '0'));
  const highest = fromTypeId(
    'task',
    (beginning === 'task_' ? 'task_7' : beginning).padEnd('task_'.length + ID_DIGITS, 'z'),
  );
  return lowest && highest ? { idRange: [lowest, highest] } : { ids: [] };
}

function withoutNulls(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null));
}
