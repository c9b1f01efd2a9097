/** What every test of dependencies may ask of the tables. */
import type { DatabaseSession } from '../../src/store/database/database.ts';
import { statement } from '../../src/store/database/statement.ts';

/** Tasks that wait for nothing, edges that are open although the parent has ended, and what ran before its time. */
export function findHanging(db: DatabaseSession): Promise<{ what: string; id: string }[]> {
  return db.query(HANGING);
}

const ENDED = "('COMPLETED', 'PARTIAL', 'FAILED', 'CANCELLED')";

const HANGING = statement(
  'hanging',
  `SELECT 'waits for nothing' AS what, t.id FROM task t
  WHERE t.status = 'WAITING' AND NOT EXISTS (SELECT 1 FROM task_dependency d WHERE d.task_id = t.id AND NOT d.settled)
  UNION ALL
  SELECT 'waits for what has ended', d.task_id FROM task_dependency d JOIN task p ON p.id = d.parent_id
    JOIN task t ON t.id = d.task_id
  WHERE NOT d.settled AND p.status IN ${ENDED} AND t.status = 'WAITING'
  UNION ALL
  SELECT 'runs too early', d.task_id FROM task_dependency d JOIN task t ON t.id = d.task_id
  WHERE NOT d.settled AND t.status NOT IN ('WAITING', 'CANCELLED')`,
);
