import { X } from 'lucide-react';
import type { TaskRow } from '../../api/tasks.ts';
import { Button, IconButton } from '../../design/button.tsx';
import { many } from '../../design/text.ts';
import { useViewer } from '../../session/session.ts';
import { CANCELLABLE, mayChange } from './actions.ts';
import styles from './bulk-bar.module.css';
import type { TaskListAction } from './use-task-actions.tsx';

export interface BulkBarProps {
  tasks: readonly TaskRow[];
  size: number;
  ask(action: TaskListAction): void;
  clear(): void;
}

/** What can be done to what is selected. */
export function BulkBar({ tasks, size, ask, clear }: BulkBarProps) {
  const { role } = useViewer();
  const failed = tasks.filter(({ status }) => status === 'FAILED').length;
  const open = tasks.filter(({ status }) => CANCELLABLE.includes(status)).length;
  return (
    <section className={styles.bar} aria-label="Selection">
      <strong>{many(size, 'task')} selected</strong>
      {mayChange(role) && (
        <>
          <Button because={failed > 0 ? undefined : 'None of them has failed'} onClick={() => ask('retry')}>
            Retry {failed || ''}
          </Button>
          <Button because={open > 0 ? undefined : 'All of them have ended'} onClick={() => ask('cancel')}>
            Cancel {open || ''}
          </Button>
          <Button because={failed > 0 ? undefined : 'None of them has failed'} onClick={() => ask('discard')}>
            Discard {failed || ''}
          </Button>
        </>
      )}
      <IconButton label="Clear the selection" onClick={clear}>
        <X size={15} aria-hidden />
      </IconButton>
    </section>
  );
}
