import { useRead } from '../../api/read.ts';
import { TaskPayloadDocument, TaskResultDocument } from '../../api/task.ts';
import { Button } from '../../design/button.tsx';
import { copyText } from '../../design/copy.tsx';
import { Json } from '../../design/json.tsx';
import { Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { curlOf } from '../job/as-code.tsx';

/** Asked for when it is opened: a payload may be large. */
export function PayloadTab({ taskId }: { taskId: string }) {
  const { data, error, loading, again } = useRead('payload', TaskPayloadDocument, { id: taskId });
  if (error !== undefined) return <ErrorNote error={error} retry={again} />;
  if (loading) return <Loading what="the payload" />;
  const task = data?.task;
  if (!task) return null;
  const input = { room: task.room, job: task.job.fullName, payload: task.payload };
  return (
    <>
      <Json value={task.payload} what="payload" />
      <p>
        <Button onClick={() => void copyText(curlOf(input), 'the command')}>Copy as curl</Button>
      </p>
    </>
  );
}

export function ResultTab({ taskId, version }: { taskId: string; version: number }) {
  const { data, error, loading, again } = useRead(`result ${version}`, TaskResultDocument, { id: taskId });
  if (error !== undefined) return <ErrorNote error={error} retry={again} />;
  if (loading) return <Loading what="the result" />;
  const { result, error: failure } = data?.task ?? {};
  const context = failure?.context ?? undefined;
  if ((result === null || result === undefined) && context === undefined) {
    return (
      <Empty title="There is no result">
        <p>A task has one when a worker has completed it with one.</p>
      </Empty>
    );
  }
  return (
    <>
      {result !== null && result !== undefined && <Json value={result} what="result" />}
      {context !== undefined && (
        <>
          <h2>Context of the error</h2>
          <Json value={context} what="context of the error" />
        </>
      )}
    </>
  );
}
