/** The queue and what is held, for tests that look at tables or change them. */
import type { DatabaseSession } from '../../src/store/database/database.ts';
import { statement } from '../../src/store/database/statement.ts';

/** SQL by which PENDING tasks become due at another time; what was delayed still has to be noticed by a claim. */
export function moveRunAt(to: string, where: string): string {
  return `UPDATE task SET run_at = ${to} WHERE ${where};
    UPDATE task_queue q SET run_at = t.run_at, ready = q.ready AND t.run_at <= now()
      FROM task t WHERE t.id = q.task_id AND t.run_at <> q.run_at;`;
}

/** What stands in the queue or in a worker's hands otherwise than its task says; nothing, if all is well. */
export function findMisplaced(db: DatabaseSession): Promise<{ what: string; id: string }[]> {
  return db.query(MISPLACED);
}

const QUEUED = "SELECT job_id, priority, run_at, id, version, room FROM task WHERE status = 'PENDING'";
const QUEUE = 'SELECT job_id, priority, run_at, task_id, version, room FROM task_queue';
const HELD = "SELECT worker_id, id, attempt, room FROM task WHERE status IN ('CLAIMED', 'RUNNING')";
const HOLD = 'SELECT worker_id, task_id, attempt, room FROM task_hold';

const MISPLACED = statement(
  'misplaced',
  `SELECT 'not in the queue' AS what, id FROM (${QUEUED} EXCEPT ALL ${QUEUE}) missing
  UNION ALL SELECT 'left in the queue', task_id FROM (${QUEUE} EXCEPT ALL ${QUEUED}) left_over
  UNION ALL SELECT 'ready before its time', task_id FROM task_queue WHERE ready AND run_at > now()
  UNION ALL SELECT 'behind no gate that opens', q.task_id FROM task_queue q LEFT JOIN task_gate gate ON gate.id = q.gate_id
    WHERE NOT q.ready AND q.gate_id IS NOT NULL AND gate.opens_at IS NULL
      AND NOT EXISTS (SELECT FROM job WHERE job.id = q.job_id AND job.turn_gate_id = q.gate_id)
  UNION ALL SELECT 'in another group than it belongs to', q.task_id FROM task_queue q LEFT JOIN task_turn g ON g.id = q.turn_id
    WHERE q.turn_id IS NOT NULL AND (g.job_id, g.gate_id, g.priority) IS DISTINCT FROM (q.job_id, q.gate_id, q.priority)
  UNION ALL SELECT 'without a group', q.task_id FROM task_queue q JOIN job ON job.id = q.job_id LEFT JOIN task_gate gate ON gate.id = q.gate_id
    WHERE job.turn_gate_id IS NOT NULL AND NOT q.ready AND q.turn_id IS NULL AND (q.gate_id = job.turn_gate_id OR gate.limited)
  UNION ALL SELECT 'shut although there is room', gate.id FROM task_gate gate
    WHERE gate.limited AND gate.running < gate.max_running AND gate.opens_at > now()
  UNION ALL SELECT 'counts other slots than are held', gate.id FROM task_gate gate
    WHERE gate.running <> (SELECT count(*) FROM task_hold h WHERE gate.id = ANY (h.gates))
  UNION ALL SELECT 'not among what is held', id FROM (${HELD} EXCEPT ALL ${HOLD}) missing
  UNION ALL SELECT 'left among what is held', task_id FROM (${HOLD} EXCEPT ALL ${HELD}) left_over`,
);
