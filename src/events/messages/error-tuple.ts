/** The error of a task or of a transition, as a tuple of its values. */
import type { TaskErrorValue } from '../../domain/task.ts';
import type { TupleReader } from './tuple-reader.ts';

export function writeError(error: TaskErrorValue | null): unknown[] | null {
  return error && [error.message, error.code, error.retryable, error.context, error.classifiedBy ?? null];
}

/** @throws Malformed when `writeError` has not written it */
export function readError(row: TupleReader | null): TaskErrorValue | null {
  return (
    row && {
      message: row.text(),
      code: row.textOrNull(),
      retryable: row.boolean(),
      context: row.json(),
      classifiedBy: row.textOrNull() ?? undefined,
    }
  );
}
