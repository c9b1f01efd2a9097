/** Whole tasks by id, as the hot path needs them: without Prisma, by one statement. */
import type { TaskRow } from '../../../domain/task.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { statement } from '../../database/statement.ts';
import { largeColumns, taskColumns } from '../rows.ts';

/** The tasks that exist, in no particular order. */
export function findTasks(session: DatabaseSession, ids: readonly string[]): Promise<TaskRow[]> {
  return ids.length === 0 ? Promise.resolve([]) : session.query<TaskRow>(FIND, [ids]);
}

const FIND = statement(
  'find_tasks',
  `SELECT ${taskColumns('task')}, ${largeColumns('task')} FROM task WHERE task.id = ANY($1::uuid[])`,
);
