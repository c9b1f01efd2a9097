/** The history of one task, by version. */
import type { TransitionRow } from '../../../domain/task.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { statement } from '../../database/statement.ts';

export interface HistoryPage {
  taskId: string;
  /** Versions above it. */
  after: number;
  /** Versions below it; null for no bound. */
  before: number | null;
  limit: number;
  newestFirst: boolean;
}

export function findTransitions(session: DatabaseSession, page: HistoryPage): Promise<TransitionRow[]> {
  const { taskId, after, before, limit, newestFirst } = page;
  return session.query<TransitionRow>(newestFirst ? NEWEST_FIRST : OLDEST_FIRST, [
    taskId,
    after,
    before,
    limit,
  ]);
}

const read = (order: 'ASC' | 'DESC') => `SELECT id::text AS id, xid::text AS xid, horizon::text AS horizon,
    task_id AS "taskId", version, room, job_id AS "jobId", from_status AS "from", to_status AS "to", reason, attempt,
    worker_id AS "workerId", actor, note, error, updates, at
  FROM task_transition
  WHERE task_id = $1::uuid AND version > $2::int AND ($3::int IS NULL OR version < $3::int)
  ORDER BY version ${order} LIMIT $4`;

const OLDEST_FIRST = statement('find_transitions', read('ASC'));
const NEWEST_FIRST = statement('find_transitions_back', read('DESC'));
