import { useAudit } from '../../live/use-audit.ts';
import { SCHEDULE_KEYS } from './actions.tsx';

/** Keeps what is read of schedules as it is on the server: edits, and operations that they start. */
export function useScheduleChanges(): void {
  useAudit(
    ['SCHEDULE_CREATED', 'SCHEDULE_UPDATED', 'SCHEDULE_DELETED', 'OPERATION_COMPLETED', 'OPERATION_FAILED'],
    SCHEDULE_KEYS,
  );
}
