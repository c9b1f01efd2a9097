/** One task, for whoever has its link. */
import { useSignalbox, useTask } from '../../src/client/react/index.ts';
import { indexPart } from './job.ts';

export function SharedTask({ id }: { id: string }) {
  const client = useSignalbox();
  const { state, task, result, error } = useTask(id, { job: indexPart });
  if (state === 'failed') return <p role="alert">{String((error as Error).message)}</p>;
  if (!task) return <p>Looking for the task …</p>;
  const canCancel = ['PENDING', 'CLAIMED', 'RUNNING'].includes(task.status);
  return (
    <>
      <h1>{task.status}</h1>
      <progress max={100} value={task.progress} /> {Math.round(task.progress)} %
      <p>{task.progressMessage ?? task.error?.message}</p>
      {result && (
        <p>
          {result.files} files, {result.lines} lines, {result.exportedSymbols} exported symbols
        </p>
      )}
      {canCancel && (
        <button type="button" onClick={() => void client.cancel(id, 'from its page')}>
          Cancel
        </button>
      )}
    </>
  );
}
