import { Maximize2, X } from 'lucide-react';
import { Suspense } from 'react';
import { IconButton } from '../../design/button.tsx';
import { Loading } from '../../design/note.tsx';
import { Link } from '../../frame/link.tsx';
import { TaskView } from '../task/view.tsx';
import styles from './drawer.module.css';

/** A task beside the list that it was opened from. */
export function Drawer({ taskId, close }: { taskId: string; close(): void }) {
  return (
    <aside className={styles.drawer} aria-label="Task">
      <div className={styles.tools}>
        <Link
          to={`/tasks/${taskId}`}
          aria-label="Open its page"
          title="Open its page (Enter)"
          className={styles.full}
        >
          <Maximize2 size={14} aria-hidden />
        </Link>
        <IconButton label="Close" onClick={close}>
          <X size={16} aria-hidden />
        </IconButton>
      </div>
      <Suspense fallback={<Loading what="the task" />}>
        <TaskView key={taskId} taskId={taskId} beside />
      </Suspense>
    </aside>
  );
}
