/**
 * Submission of tasks that depend on others: existing ones, or other items of the same list.
 *
 *   lock the parents ─▶ create tasks, WAITING ─▶ link them ─▶ settle what has ended already      in one transaction
 *
 * A parent is locked before its status is read, and ends only after the edges are there: so its end finds them. What
 * had ended before is settled here, by the same rules, and a task that waits for nothing else is PENDING when the
 * submission is answered. Parents are locked in the order of their ids, and get lower ids than what depends on them, so
 * that transactions rarely meet crosswise; when two do, as by keys of their items, the database refuses one, which is
 * begun anew.
 *
 * A claim passes over a parent that is locked here. The jobs of these are returned, to be announced once more.
 */

import { MAX_DEPENDENTS, orderByDependencies } from '../../../domain/dependencies.ts';
import { present } from '../../../domain/present.ts';
import type { TaskRow, TaskStatus, TransitionChange } from '../../../domain/task.ts';
import { isTerminal } from '../../../domain/transitions.ts';
import type { Database, DatabaseSession } from '../../database/database.ts';
import { isDeadlock } from '../../database/outage.ts';
import { statement } from '../../database/statement.ts';
import { settleEnded } from '../compare-and-set.ts';
import { QUEUED } from '../queue.ts';
import type { RefusedParent, Submission, SubmitResult } from './submit.ts';
import { submitDebounced } from './submit-debounced.ts';

/** How often the transaction may meet others crosswise, or come too late for what they remove. */
const MAX_CROSSINGS = 5;

export interface SubmittedDependents {
  /** One for each submission, in order. */
  results: SubmitResult[];
  /** All that was committed: what was created, and what then moved at once. */
  changes: TransitionChange[];
  /** Jobs of claimable tasks that claims may have passed over meanwhile. */
  passedOver: string[];
}

/** Submits the list in one transaction. Places in `dependsOn` are places in it. */
export async function submitDependents(
  database: Database,
  submissions: readonly Submission[],
): Promise<SubmittedDependents> {
  // By the place in the list: what is refused before anything is written.
  const refused = new Map<number, SubmitResult>();
  let crossings = 0;
  for (;;) {
    try {
      return await database.transaction((session) => attempt(session, submissions, refused));
    } catch (error) {
      if (error instanceof FoundRefused) {
        for (const [place, result] of error.refused) refused.set(place, result);
      } else if (!(isDeadlock(error) || error instanceof FoundGone) || ++crossings === MAX_CROSSINGS)
        throw error;
    }
  }
}

/** Items that others of the list depend on turned out to be refused: all begins anew without them. */
class FoundRefused extends Error {
  readonly refused: ReadonlyMap<number, SubmitResult>;

  constructor(refused: ReadonlyMap<number, SubmitResult>) {
    super('Items of the list were refused.');
    this.refused = refused;
  }
}

/** The task that holds the key of an item was removed before it was locked: the key is free, and all begins anew. */
class FoundGone extends Error {}

interface Parent {
  id: string;
  status: TaskStatus;
  jobId: string;
  dependentCount: number;
}

async function attempt(
  session: DatabaseSession,
  submissions: readonly Submission[],
  known: ReadonlyMap<number, SubmitResult>,
): Promise<SubmittedDependents> {
  const order = orderOf(submissions);
  const parents = await lockParents(session, submissions.flatMap(existingParents));
  const refused = refuse(submissions, order, parents, known);
  const places = order.filter((place) => !refused.has(place));
  const changes: TransitionChange[] = [];
  const created = await create(session, submissions, places, changes);

  const idOf = new Map<number, string>();
  const repeated: string[] = [];
  places.forEach((place, n) => {
    const result = present(created[n]);
    if (result.kind === 'created') idOf.set(place, result.change.task.id);
    if (result.kind !== 'duplicate') return;
    idOf.set(place, result.task.id);
    repeated.push(result.task.id);
  });
  const lost = new Map(
    places.flatMap((place, n) => (idOf.has(place) ? [] : [[place, present(created[n])] as const])),
  );
  if (places.some((place) => parentItems(present(submissions[place])).some((item) => lost.has(item)))) {
    throw new FoundRefused(lost);
  }
  const holders = await lockParents(session, repeated);
  for (const id of repeated) {
    const holder = holders.get(id);
    if (!holder) throw new FoundGone('A task whose key was found is not there any more.');
    parents.set(id, holder);
  }

  const newOnes = new Map(places.map((place, n) => [place, present(created[n])]));
  await link(session, submissions, newOnes, idOf);
  const settled = await settle(session, parents);
  const latest = new Map(settled.map(({ task }) => [task.id, task]));
  const results = submissions.map((_, place) =>
    withLatest((newOnes.get(place) ?? refused.get(place)) as SubmitResult, latest),
  );
  return {
    results,
    changes: [...changes, ...settled],
    passedOver: [
      ...new Set([...parents.values()].flatMap(({ status, jobId }) => (status === QUEUED ? [jobId] : []))),
    ],
  };
}

const existingParents = ({ dependsOn = [] }: Submission) =>
  dependsOn.flatMap(({ parent }) => (typeof parent === 'string' ? [parent] : []));

const parentItems = ({ dependsOn = [] }: Submission) =>
  dependsOn.flatMap(({ parent }) => (typeof parent === 'number' ? [parent] : []));

function orderOf(submissions: readonly Submission[]): number[] {
  const ordered = orderByDependencies(submissions.map(parentItems));
  if ('cycle' in ordered) throw new Error('The items of a list wait for each other: refused before.');
  return ordered.order;
}

/** What depends on a task that is not there, or has too many dependents, or on an item that is refused itself. */
function refuse(
  submissions: readonly Submission[],
  order: readonly number[],
  parents: ReadonlyMap<string, Parent>,
  known: ReadonlyMap<number, SubmitResult>,
): Map<number, SubmitResult> {
  const refused = new Map<number, SubmitResult>(known);
  const added = new Map<string | number, number>();
  function judge(place: number): RefusedParent | undefined {
    const dependsOn = submissions[place]?.dependsOn ?? [];
    for (const { parent } of dependsOn) {
      if (typeof parent === 'number') {
        if (refused.has(parent)) return { kind: 'refused-item', place: parent };
        continue;
      }
      const found = parents.get(parent);
      if (!found) return { kind: 'no-parent', parentId: parent };
      if (found.dependentCount + (added.get(parent) ?? 0) >= MAX_DEPENDENTS)
        return { kind: 'too-many-dependents', parentId: parent };
    }
    for (const { parent } of dependsOn) added.set(parent, (added.get(parent) ?? 0) + 1);
    return undefined;
  }
  for (const place of order) {
    const refusal = refused.has(place) ? undefined : judge(place);
    if (refusal) refused.set(place, refusal);
  }
  return refused;
}

/** Creates the tasks at these places, parents before their children. */
function create(
  session: DatabaseSession,
  submissions: readonly Submission[],
  places: readonly number[],
  changes: TransitionChange[],
): Promise<SubmitResult[]> {
  // Ids are given in this order.
  return submitDebounced(
    { session, transaction: (work) => work(session), onChanges: (made) => void changes.push(...made) },
    places.map((place) => present(submissions[place])),
  );
}

/** In the order of their ids. From now on none of them ends before this transaction. */
async function lockParents(session: DatabaseSession, ids: readonly string[]): Promise<Map<string, Parent>> {
  if (ids.length === 0) return new Map();
  const rows = await session.query<Parent>(LOCK, [[...new Set(ids)]]);
  return new Map(rows.map((row) => [row.id, row]));
}

async function link(
  session: DatabaseSession,
  submissions: readonly Submission[],
  results: ReadonlyMap<number, SubmitResult>,
  idOf: ReadonlyMap<number, string>,
): Promise<void> {
  const edges = [...results].flatMap(([item, result]) => {
    if (result.kind !== 'created') return [];
    const taskId = result.change.task.id;
    return (submissions[item]?.dependsOn ?? []).map(({ parent, runsOnFailure }, place) => ({
      ...{ taskId, place, runsOnFailure },
      parentId: typeof parent === 'string' ? parent : present(idOf.get(parent)),
    }));
  });
  if (edges.length === 0) return;
  await session.query(LINK, [
    edges.map(({ taskId }) => taskId),
    edges.map(({ place }) => place),
    edges.map(({ parentId }) => parentId),
    edges.map(({ runsOnFailure }) => runsOnFailure),
  ]);
}

function settle(session: DatabaseSession, parents: ReadonlyMap<string, Parent>): Promise<TransitionChange[]> {
  const ended = [...parents.values()].filter(({ status }) => isTerminal(status));
  return ended.length === 0
    ? Promise.resolve([])
    : settleEnded(
        session,
        ended.map(({ id }) => id),
      );
}

/** A task that was settled at once is answered as it is then; what snapshots come without stays as it was created. */
function withLatest(result: SubmitResult, latest: ReadonlyMap<string, TaskRow>): SubmitResult {
  if (result.kind !== 'created') return result;
  const { task } = result.change;
  const now = latest.get(task.id);
  return now ? { ...result, now: { ...task, ...now } } : result;
}

const LOCK = statement(
  'lock_parents',
  `SELECT id, status, job_id AS "jobId", dependent_count AS "dependentCount" FROM task
  WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
);

const LINK = statement(
  'link_dependents',
  `WITH edge AS (
    INSERT INTO task_dependency (task_id, place, parent_id, runs_on_failure)
    SELECT * FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::bool[])
    RETURNING parent_id
  ), parent AS (
    SELECT parent_id AS id, count(*)::int AS children FROM edge GROUP BY parent_id
  )
  UPDATE task t SET dependent_count = t.dependent_count + parent.children FROM parent WHERE t.id = parent.id`,
);
