import { useNavigate, useParams } from '@tanstack/react-router';
import { useActions } from '../../frame/keyboard.ts';
import { neighbourOf } from '../tasks/walk.ts';
import { TaskView } from './view.tsx';

export function Page() {
  const { taskId } = useParams({ strict: false }) as { taskId: string };
  const navigate = useNavigate();
  const walk = (by: 1 | -1) => {
    const next = neighbourOf(taskId, by);
    if (next !== undefined) void navigate({ to: `/tasks/${next}`, search: true as never, replace: true });
  };
  useActions({ next: () => walk(1), previous: () => walk(-1), back: () => history.back() });
  return <TaskView key={taskId} taskId={taskId} />;
}
