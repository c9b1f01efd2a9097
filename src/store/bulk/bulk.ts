/**
 * Plans and runs over many tasks. A plan keeps the ids of what it has found, in parts; a run takes one part after the
 * other through the verbs of the state machine. Each part is one transaction together with the progress of the run: a
 * server that is killed leaves a run at the end of a part, and any other goes on from there.
 */
import type { BulkRow, NewPlan } from '../../domain/bulk.ts';
import type { TransitionChange } from '../../domain/task.ts';
import { newUuid } from '../../domain/typeid.ts';
import type { Database, DatabaseSession } from '../database/database.ts';
import { queryOne } from '../database/query-one.ts';
import { statement } from '../database/statement.ts';
import { cancelTasks } from '../tasks/change/cancel.ts';
import { discardTasks } from '../tasks/change/discard.ts';
import { retryTasks } from '../tasks/change/retry.ts';

/** Tasks of one part, and so of one transaction. */
const TASKS_A_PART = 250;
const PLAN_MINUTES = 60;
const KEPT_DAYS = 30;

export async function createPlan(session: DatabaseSession, plan: NewPlan): Promise<BulkRow> {
  const parts: string[] = [];
  for (let start = 0; start < plan.taskIds.length; start += TASKS_A_PART) {
    parts.push(plan.taskIds.slice(start, start + TASKS_A_PART).join());
  }
  return queryOne<BulkRow>(session, PLAN, [
    newUuid(),
    plan.action,
    plan.note,
    plan.matching,
    plan.atLeast ? 1 : 0,
    plan.taskIds.length,
    JSON.stringify(plan.byStatus),
    plan.sample,
    plan.createdBy,
    parts.map((_, index) => index),
    parts,
  ]);
}

export async function findBulk(session: DatabaseSession, id: string): Promise<BulkRow | null> {
  return (await session.query<BulkRow>(FIND, [id]))[0] ?? null;
}

/** Begins the run of a plan that has not expired; once it has begun it changes nothing. */
export async function beginRun(session: DatabaseSession, id: string): Promise<BulkRow | null> {
  await session.query(BEGIN, [id]);
  const row = await findBulk(session, id);
  return row?.status === 'PLANNED' ? null : row;
}

/** Ends a run after the part that is under way; one that has ended stays as it is. */
export async function stopRun(session: DatabaseSession, id: string): Promise<BulkRow | null> {
  await session.query(STOP, [id]);
  return findBulk(session, id);
}

/** Takes the next part of some run. @returns null when there is none that no other server is at */
export function stepRun(database: Database): Promise<{ run: BulkRow; changes: TransitionChange[] } | null> {
  return database.transaction(async (session) => {
    const [next] = await session.query<{ id: string }>(NEXT);
    if (!next) return null;
    const [run, part] = await Promise.all([
      queryOne<BulkRow>(session, FIND, [next.id]),
      session.query<{ taskIds: string[] }>(PART, [next.id]),
    ]);
    const taskIds = part[0]?.taskIds ?? [];
    const results = await act(session, run, taskIds);
    const changes = results.filter((change) => change !== null);
    // Behind those of the part are changes of tasks that depended on it.
    const done = results.slice(0, taskIds.length).filter((change) => change !== null).length;
    const advanced = await queryOne<BulkRow>(session, ADVANCE, [run.id, done, taskIds.length - done]);
    return { run: advanced, changes };
  });
}

/** Deletes plans that nobody has applied, and runs that ended long ago. */
export async function trimBulk(session: DatabaseSession): Promise<number> {
  return (await session.query(TRIM)).length;
}

async function act(session: DatabaseSession, { action, note, createdBy: actor }: BulkRow, taskIds: string[]) {
  const items = taskIds.map((taskId) => ({ taskId, actor, note }));
  switch (action) {
    case 'CANCEL':
      return cancelTasks(session, items);
    case 'RETRY':
      return retryTasks(session, items);
    case 'DISCARD':
      return discardTasks(session, items);
  }
}

const COLUMNS = `id, action, status, note, matching, at_least AS "atLeast", permitted, by_status AS "byStatus", sample,
  done, refused, created_by AS "createdBy", created_at AS "createdAt", expires_at AS "expiresAt",
  started_at AS "startedAt", finished_at AS "finishedAt"`;

const PLAN = statement(
  'plan_bulk',
  `WITH plan AS (
    INSERT INTO bulk_run (id, action, note, matching, at_least, permitted, by_status, sample, created_by, expires_at)
    VALUES ($1::uuid, $2::text::bulk_action, $3::text, $4::int, $5::int = 1, $6::int, $7::jsonb, $8::uuid[], $9::text,
      now() + interval '${PLAN_MINUTES} minutes')
    RETURNING *
  ), parts AS (
    INSERT INTO bulk_part (bulk_id, place, task_ids)
    SELECT plan.id, part.place, string_to_array(part.ids, ',')::uuid[]
    FROM plan, unnest($10::int[], $11::text[]) AS part (place, ids)
  )
  SELECT ${COLUMNS} FROM plan`,
);

const FIND = statement('find_bulk', `SELECT ${COLUMNS} FROM bulk_run WHERE id = $1::uuid`);

const BEGIN = statement(
  'begin_bulk',
  `UPDATE bulk_run SET status = 'RUNNING', started_at = now(), updated_at = now()
  WHERE id = $1::uuid AND status = 'PLANNED' AND expires_at > now()`,
);

const STOP = statement(
  'stop_bulk',
  `UPDATE bulk_run SET status = 'STOPPED', finished_at = now() WHERE id = $1::uuid AND status = 'RUNNING'`,
);

// The run that has waited longest: several make progress side by side.
const NEXT = statement(
  'next_bulk',
  `SELECT id FROM bulk_run WHERE status = 'RUNNING' ORDER BY updated_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
);

// By a statement of its own, behind the lock: the one that locks may still see the run before another server's last part, and
// then joins its new place to a part that it cannot see.
const PART = statement(
  'next_bulk_part',
  `SELECT part.task_ids AS "taskIds" FROM bulk_run r
  JOIN bulk_part part ON part.bulk_id = r.id AND part.place = r.next_part WHERE r.id = $1::uuid`,
);

const ADVANCE = statement(
  'advance_bulk',
  `WITH run AS (
    UPDATE bulk_run r SET done = r.done + $2::int, refused = r.refused + $3::int, next_part = r.next_part + 1,
      updated_at = now(), status = CASE WHEN more.is THEN r.status ELSE 'COMPLETED' END,
      finished_at = CASE WHEN NOT more.is THEN now() END
    FROM (
      SELECT EXISTS (SELECT 1 FROM bulk_run b JOIN bulk_part p ON p.bulk_id = b.id AND p.place > b.next_part
        WHERE b.id = $1::uuid) AS is
    ) more
    WHERE r.id = $1::uuid RETURNING r.*
  ), passed AS (
    DELETE FROM bulk_part p USING run WHERE p.bulk_id = run.id AND p.place < run.next_part
  )
  SELECT ${COLUMNS} FROM run`,
);

const TRIM = statement(
  'trim_bulk',
  `DELETE FROM bulk_run WHERE (status = 'PLANNED' AND expires_at < now())
    OR finished_at < now() - interval '${KEPT_DAYS} days'
  RETURNING 1`,
);
