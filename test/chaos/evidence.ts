/** What the checkers judge by, read from the tables. */
import type { Dependency, FinalTask, LogEntry } from './checker.ts';
import type { FlowTask } from './flow-checker.ts';
import type { KeyedTask } from './keys-checker.ts';
import { query } from './sql.ts';
import type { TurnTask } from './turns-checker.ts';

export type EvidentTask = FinalTask & FlowTask & TurnTask & KeyedTask;

export async function readEvidence(
  databaseUrl: string,
): Promise<{ log: LogEntry[]; tasks: EvidentTask[]; dependencies: Dependency[] }> {
  const log = await query<LogEntry>(
    databaseUrl,
    `SELECT task_id AS "taskId", version, from_status AS "from", to_status AS "to", reason, attempt,
      worker_id AS "workerId", room, actor, note, extract(epoch FROM at)::float8 * 1000 AS at, id::float8 AS id,
      xid::text, horizon::text, extract(epoch FROM due_at)::float8 * 1000 AS "dueAt" FROM task_transition`,
  );
  const tasks = await query<EvidentTask>(
    databaseUrl,
    `SELECT task.id, task.room, job.full_name AS job, created_by AS "createdBy", priority, limit_key AS "limitKey",
      payload->>'rated' AS "rateKey", payload->>'once' AS "onceKey", payload->>'burst' AS "burstKey",
      payload->>'scope' AS "turnKey", status, version,
      attempt, failures, task.max_attempts AS "maxAttempts", 1000 * job.timeout_seconds AS "timeoutMs"
    FROM task JOIN job ON job.id = job_id`,
  );
  const dependencies = await query<Dependency>(
    databaseUrl,
    'SELECT task_id AS "taskId", parent_id AS "parentId", runs_on_failure AS "runsOnFailure" FROM task_dependency',
  );
  return { log, tasks, dependencies };
}

/** The newest id of the log. */
export async function newestId(databaseUrl: string): Promise<number> {
  const [row] = await query<{ id: number }>(
    databaseUrl,
    'SELECT last_value::float8 AS id FROM task_transition_id_seq',
  );
  return (row as { id: number }).id;
}
