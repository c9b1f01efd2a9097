/**
 * Debounced submissions: while the task of the key has not been claimed, a further one moves its `runAt` and replaces its
 * payload. Whether it was claimed is decided with the task locked, as for an update by a person: a claim that came before
 * has freed the key, and the submission makes a new task.
 *
 *   find the debounced tasks ─▶ lock and move them ─▶ submit the others ─▶ again with those whose key was taken meanwhile
 *
 * Each step is committed before the next one: whoever waits for a key has no task locked, nor the other way round.
 */

import { isDeepStrictEqual } from 'node:util';
import { present } from '../../../domain/present.ts';
import type { TransitionChange } from '../../../domain/task.ts';
import { TRANSITIONS } from '../../../domain/transitions.ts';
import type { Database, DatabaseSession } from '../../database/database.ts';
import { NOW, statement, toJson } from '../../database/statement.ts';
import { inJson } from '../change/update.ts';
import { changeByCaller, runCompareAndSet, sqlConstant } from '../compare-and-set.ts';
import { lockTasks } from '../lock.ts';
import { findTasks } from '../read/find-tasks.ts';
import { IS_DEBOUNCED } from './idempotency.ts';
import { type Submission, type SubmitResult, submitTasks } from './submit.ts';

/** How the steps reach the database. */
export interface Steps {
  session: DatabaseSession;
  /** Runs a step that locks before it changes. */
  transaction: Database['transaction'];
  /** Called with what a step has changed, when it is done. */
  onChanges: (changes: readonly TransitionChange[]) => void;
  /** Called when jobs came back. */
  onRevived?: () => void;
}

export const isDebounced = ({ keyHold }: Submission) => keyHold?.until === 'claimed';

/** How often a task is claimed, or its job given other schemas, between two statements, before the submission is given up. */
const MAX_TRIES = 100;

/** Submits the list, of which some are debounced. @returns one for each submission, in order */
export async function submitDebounced(
  steps: Steps,
  submissions: readonly Submission[],
): Promise<SubmitResult[]> {
  const results: SubmitResult[] = [];
  /** Places of what has yet to be settled. */
  let left = submissions.map((_, place) => place);
  for (let tries = 0; left.length > 0; tries++) {
    if (tries === MAX_TRIES) throw new Error(`A task was claimed while it was moved, ${MAX_TRIES} times.`);
    const wanted = left.filter((place) => isDebounced(present(submissions[place])));
    const found = await findDebounced(steps.session, submissions, wanted);
    const moved = await moveAll(steps, submissions, found);
    for (const [place, result] of moved) results[place] = result;

    // A duplicate that is found no more is settled: its task holds the key in another way, or was claimed meanwhile.
    const open = left.filter(
      (place) => !moved.has(place) && (found.has(place) || results[place]?.kind !== 'duplicate'),
    );
    const submitted = await submitRest(
      steps,
      open.map((place) => present(submissions[place])),
    );
    open.forEach((place, n) => {
      results[place] = present(submitted[n]);
    });
    left = open.filter(
      (place) => results[place]?.kind === 'duplicate' && isDebounced(present(submissions[place])),
    );
  }
  return results;
}

async function submitRest(
  { session, onChanges, onRevived }: Steps,
  submissions: readonly Submission[],
): Promise<SubmitResult[]> {
  if (submissions.length === 0) return [];
  const results = await submitTasks(session, submissions, onRevived);
  onChanges(results.flatMap((result) => (result.kind === 'created' ? [result.change] : [])));
  return results;
}

interface Found {
  place: number;
  taskId: string;
  /** Whether the job still has the schemas that the payload was checked against. */
  current: boolean;
}

/** By place: the debounced task that holds the key. */
async function findDebounced(
  session: DatabaseSession,
  submissions: readonly Submission[],
  places: readonly number[],
): Promise<Map<number, Found>> {
  if (places.length === 0) return new Map();
  const wanted = places.map((place) => present(submissions[place]));
  const rows = await session.query<Found>(FIND, [
    places,
    wanted.map(({ jobId }) => jobId),
    wanted.map(({ room }) => room),
    wanted.map(({ idempotencyKey }) => idempotencyKey),
    wanted.map(({ keyOwner = '' }) => keyOwner),
    wanted.map(({ schemaVersion }) => schemaVersion),
  ]);
  return new Map(rows.map((row) => [row.place, row]));
}

/** Moves the tasks, each as the last submission of the list wants it. What was claimed meanwhile has no result. */
async function moveAll(
  { session, transaction, onChanges }: Steps,
  submissions: readonly Submission[],
  found: ReadonlyMap<number, Found>,
): Promise<Map<number, SubmitResult>> {
  const results = new Map<number, SubmitResult>();
  const last = new Map<string, Submission>();
  for (const { place, taskId, current } of found.values()) {
    if (current) last.set(taskId, present(submissions[place]));
    else results.set(place, { kind: 'other-schema' });
  }
  if (last.size === 0) return results;
  const changes = await transaction((locking) => move(locking, last));
  onChanges([...changes.values()]);
  const tasks = new Map((await findTasks(session, [...changes.keys()])).map((task) => [task.id, task]));
  for (const { place, taskId, current } of found.values()) {
    const task = tasks.get(taskId);
    const change = changes.get(taskId);
    if (!current || !task || !change) continue;
    const payloadDiffers = !isSamePayload(present(submissions[place]), present(last.get(taskId)));
    results.set(place, { kind: 'duplicate', task, horizon: change.transition.horizon, payloadDiffers });
  }
  return results;
}

const isSamePayload = (one: Submission, other: Submission) =>
  one === other || isDeepStrictEqual(asStored(one.payload), asStored(other.payload));

const asStored = (payload: unknown): unknown => JSON.parse(toJson(payload) ?? 'null');

async function move(session: DatabaseSession, wanted: ReadonlyMap<string, Submission>) {
  const items = [...wanted].map(([taskId, submission]) => ({ taskId, submission }));
  await lockTasks(session, items);
  const changes = await runCompareAndSet(session, MOVE, [
    items.map(({ taskId }) => taskId),
    items.map(({ submission }) => submission.createdBy),
    items.map(({ submission }) => toJson(submission.payload)),
    items.map(({ submission }) => submission.schemaVersion),
    items.map(({ submission: { keyHold } }) => (keyHold?.until === 'claimed' ? keyHold.debounceSeconds : 0)),
  ]);
  return new Map(changes.flatMap((change) => (change ? [[change.task.id, change] as const] : [])));
}

const FIND = statement(
  'find_debounced',
  `SELECT wanted.place, t.id AS "taskId",
    job.schema_version = wanted.schema_version AND job.retired_at IS NULL AS current
  FROM unnest($1::int[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::int[])
    AS wanted (place, job_id, room, key, owner, schema_version)
  JOIN task t ON t.job_id = wanted.job_id AND t.room = wanted.room AND t.key_owner = wanted.owner
    AND t.idempotency_key = wanted.key AND t.idempotency_key IS NOT NULL
  JOIN job ON job.id = wanted.job_id
  WHERE ${IS_DEBOUNCED}
  ORDER BY wanted.place`,
);

const { reschedule } = TRANSITIONS;

const NEXT_RUN_AT = `(${NOW} + i.seconds * interval '1 second')`;

// What the payload was is not kept: it can be large.
const MOVE = changeByCaller('debounce', {
  from: reschedule.from,
  item: { payload: 'text', schema_version: 'int', seconds: 'int' },
  where: `${IS_DEBOUNCED} AND job.schema_version = i.schema_version`,
  joinsJob: true,
  to: 't.status',
  reason: sqlConstant(reschedule.reason),
  note: "'It was submitted again under its key.'",
  computed: { next_run_at: NEXT_RUN_AT },
  updates: `jsonb_strip_nulls(jsonb_build_object(
    'runAt', jsonb_build_array(${inJson('t.run_at')}, ${inJson(NEXT_RUN_AT)}),
    'payload', CASE WHEN t.payload <> i.payload::jsonb THEN '[null, null]'::jsonb END))`,
  set: 'run_at = x.next_run_at, payload = x.payload::jsonb, schema_version = x.schema_version',
});
