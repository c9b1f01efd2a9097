/** The part of the store that takes note of what applications have submitted by SQL. */
import type { TaskChange, TaskStatus } from '../../../domain/task.ts';
import type { Database } from '../../database/database.ts';
import { sqlSubmissionsChannel, takeSqlSubmissions } from './sql-submissions.ts';

export interface SqlSubmissionOptions {
  publish: (changes: readonly TaskChange[]) => void;
  onSqlSubmissions?: ((submitted: Partial<Record<TaskStatus, number>>) => void) | undefined;
}

export function sqlSubmissionVerbs(
  database: Database,
  { publish, onSqlSubmissions = () => {} }: SqlSubmissionOptions,
) {
  return {
    /** Where submissions by SQL are announced. */
    sqlSubmissionsChannel: () => sqlSubmissionsChannel(database),
    /** Takes some of what applications have submitted by SQL. @returns how many there were; null when there are none left */
    async takeSqlSubmissions(): Promise<number | null> {
      const taken = await takeSqlSubmissions(database);
      if (taken === null) return null;
      onSqlSubmissions(taken.submitted);
      publish(taken.changes);
      return Object.values(taken.submitted).reduce((sum, count) => sum + count, 0);
    },
  };
}
