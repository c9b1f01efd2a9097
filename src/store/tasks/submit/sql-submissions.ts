/**
 * Submissions by SQL, see the function submit_task in the migrations. It locks nothing that others need, since its transaction
 * may stay open for long; so it notes what it has submitted, and a server takes the notes after the commit:
 *
 *   take notes ─▶ lock what is depended on ─▶ count its dependents ─▶ settle what has ended already      in one transaction
 *
 * A task that is depended on may end before, without having heard of it. Here it is locked, and either has ended, or will end
 * with its dependents counted, and settle them itself. A note is taken once, by whichever server: so they are counted as well.
 */
import type { TaskStatus, TransitionChange } from '../../../domain/task.ts';
import { TRANSITIONS } from '../../../domain/transitions.ts';
import type { Database, DatabaseSession } from '../../database/database.ts';
import { queryOne } from '../../database/query-one.ts';
import { statement } from '../../database/statement.ts';
import { settleEnded } from '../compare-and-set.ts';

/** Notes in one transaction at most. */
const NOTES_A_STEP = 1_000;
/** Edges in one transaction at most, but for those of a single task: they lock what is depended on. */
const EDGES_A_STEP = 10_000;

/** What was taken. */
export interface TakenSubmissions {
  /** How many, by the status that they have begun with. */
  submitted: Partial<Record<TaskStatus, number>>;
  /** What they moved on to at once, since all that they depend on had ended. */
  changes: TransitionChange[];
}

/** The channel of NOTIFY on which they are announced: the id of the job that has a new task. */
export async function sqlSubmissionsChannel(session: DatabaseSession): Promise<string> {
  return (await queryOne<{ channel: string }>(session, CHANNEL, [])).channel;
}

/** Takes some of the notes; null when there are none that another server does not take. */
export function takeSqlSubmissions(database: Database): Promise<TakenSubmissions | null> {
  return database.transaction(async (session) => {
    const taken = await session.query<{ taskId: string; status: TaskStatus }>(TAKE, [
      NOTES_A_STEP,
      EDGES_A_STEP,
    ]);
    if (taken.length === 0) return null;
    const submitted: TakenSubmissions['submitted'] = {};
    for (const { status } of taken) submitted[status] = (submitted[status] ?? 0) + 1;
    const waiting = taken.filter(({ status }) => status === WAITING).map(({ taskId }) => taskId);
    return { submitted, changes: waiting.length > 0 ? await link(session, waiting) : [] };
  });
}

/** Does for tasks what src/store/tasks/submit/submit-dependents.ts does for submissions by the API. */
async function link(session: DatabaseSession, taskIds: readonly string[]): Promise<TransitionChange[]> {
  const locked = await session.query<{ id: string }>(LOCK_PARENTS, [taskIds]);
  await session.query(COUNT_DEPENDENTS, [taskIds]);
  return settleEnded(
    session,
    locked.map(({ id }) => id),
  );
}

const WAITING = TRANSITIONS.submitWaiting.to;

// Of this schema alone: there may be others in the database.
const CHANNEL = statement(
  'sql_submissions_channel',
  "SELECT 'signalbox_submitted_' || 'task'::regclass::oid AS channel",
);

const TAKE = statement(
  'take_sql_submissions',
  `WITH free AS (
    SELECT task_id, status FROM sql_submission ORDER BY task_id LIMIT $1::int FOR UPDATE SKIP LOCKED
  ), step AS (
    SELECT free.task_id, t.dependency_count AS edges, sum(t.dependency_count) OVER (ORDER BY free.task_id) AS total
    FROM free LEFT JOIN task t ON t.id = free.task_id
  )
  DELETE FROM sql_submission s USING step
  WHERE s.task_id = step.task_id AND (step.total IS NULL OR step.total <= $2::int OR step.total = step.edges)
  RETURNING s.task_id AS "taskId", s.status`,
);

const LOCK_PARENTS = statement(
  'lock_parents_of',
  `SELECT id FROM task WHERE id IN (SELECT parent_id FROM task_dependency WHERE task_id = ANY ($1::uuid[]))
  ORDER BY id FOR NO KEY UPDATE`,
);

const COUNT_DEPENDENTS = statement(
  'count_dependents',
  `UPDATE task t SET dependent_count = t.dependent_count + parent.children FROM (
    SELECT parent_id AS id, count(*)::int AS children FROM task_dependency WHERE task_id = ANY ($1::uuid[]) GROUP BY parent_id
  ) parent WHERE t.id = parent.id`,
);
