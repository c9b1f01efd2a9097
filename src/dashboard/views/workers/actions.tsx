/** Draining a worker, and taking it away. */
import { type ReactNode, useState } from 'react';
import { successOf } from '../../../client/problems.ts';
import { request } from '../../api/connection.ts';
import { DeregisterWorkerDocument, DrainWorkerDocument, type WorkerRow } from '../../api/workers.ts';
import { Button } from '../../design/button.tsx';
import { Dialog, DialogActions } from '../../design/dialog.tsx';
import { ErrorNote } from '../../design/note.tsx';
import { many } from '../../design/text.ts';
import { announce } from '../../frame/announce.tsx';
import { isReadOnly } from '../../session/read-only.ts';

type Action = 'drain' | 'deregister';
type Target = Pick<WorkerRow, 'id' | 'name' | 'running'>;

/** @returns what it answers: how much it still has to do */
async function drain({ id, name }: Target): Promise<string> {
  const { drainWorker } = await request(DrainWorkerDocument, { workerId: id });
  const { running } = successOf(drainWorker, 'DrainWorkerSuccess').worker;
  return running > 0
    ? `${name} gets nothing more, and ends when its ${many(running, 'task')} ${running === 1 ? 'is' : 'are'} done.`
    : `${name} gets nothing more. It holds no task: it ends with its next beat.`;
}

async function deregister({ id, name }: Target): Promise<string> {
  const { deregisterWorker } = await request(DeregisterWorkerDocument, { workerId: id });
  const { released } = successOf(deregisterWorker, 'DeregisterWorkerSuccess');
  return `Deregistered ${name}${released > 0 ? `: ${many(released, 'task')} went back to the queue` : ''}.`;
}

export function useWorkerActions(): { ask(action: Action, worker: Target): void; dialog: ReactNode } {
  const [asked, setAsked] = useState<{ action: Action; worker: Target }>();
  return {
    ask: (action, worker) => setAsked({ action, worker }),
    dialog: asked && <ActionDialog {...asked} close={() => setAsked(undefined)} />,
  };
}

interface ActionDialogProps {
  action: Action;
  worker: Target;
  close(): void;
}

/** Stays until the server has answered: a refusal is read where it was asked. */
function ActionDialog({ action, worker, close }: ActionDialogProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const verb = action === 'drain' ? 'Drain' : 'Deregister';
  const held = many(worker.running, 'task');
  async function act() {
    setBusy(true);
    setError(undefined);
    try {
      announce(await (action === 'drain' ? drain(worker) : deregister(worker)));
      close();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  }
  return (
    <Dialog title={`${verb} ${worker.name}?`} onClose={close}>
      <p>
        {action === 'drain'
          ? `It gets nothing more${worker.running > 0 ? `, finishes its ${held}` : ''} and deregisters. This cannot be undone: its program is started anew to work again.`
          : `${worker.running > 0 ? `Its ${held} ${worker.running === 1 ? 'goes' : 'go'} back to the queue at once, without a failure counted. ` : ''}A program that still runs has to register again.`}
      </p>
      {error !== undefined && <ErrorNote error={error} />}
      <DialogActions>
        <Button onClick={close}>Leave it</Button>
        <Button
          kind={action === 'drain' ? 'primary' : 'danger'}
          because={busy ? 'The server is asked' : undefined}
          onClick={() => void act()}
        >
          {busy ? 'Asking…' : verb}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

/** What the viewer may do to a worker; nothing where it may do nothing. */
export function WorkerButtons({
  worker,
  ask,
}: {
  worker: WorkerRow;
  ask: ReturnType<typeof useWorkerActions>['ask'];
}) {
  if (isReadOnly || !worker.viewerCanUse || worker.lostAt) return null;
  return (
    <>
      {!worker.drainingSince && (
        <Button kind="quiet" onClick={() => ask('drain', worker)} aria-label={`Drain ${worker.name}`}>
          Drain
        </Button>
      )}
      <Button kind="quiet" onClick={() => ask('deregister', worker)} aria-label={`Deregister ${worker.name}`}>
        Deregister
      </Button>
    </>
  );
}
