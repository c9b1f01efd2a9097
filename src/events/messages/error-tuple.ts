/** The error of a task or of a transition, as a tuple of its values. */
import type { TaskErrorValue } from '../../domain/task.ts';
import type { TupleReader } from './tuple-reader.ts';

export function writeError(error: TaskErrorValue | null): unknown[] | null {
  if (!error) return null;
  const { message, code, retryable, context, classifiedBy = null, fingerprint = null } = error;
  return [message, code, retryable, context, classifiedBy, fingerprint];
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
      fingerprint: row.textOrNull() ?? undefined,
    }
  );
}
