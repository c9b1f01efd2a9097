/** Draining a worker, and taking it away. */
import { type ReactNode, useState } from 'react';
import { successOf } from '../../../client/problems.ts';
import { request } from '../../api/connection.ts';
import { DeregisterWorkerDocument, DrainWorkerDocument, type WorkerRow } from '../../api/workers.ts';
import { Button } from '../../design/button.tsx';
import { Dialog, DialogActions } from '../../design/dialog.tsx';
import { many } from '../../design/text.ts';
import { announceOutcome } from '../../frame/announce.tsx';
import { isReadOnly } from '../../session/read-only.ts';

type Action = 'drain' | 'deregister';
type Target = Pick<WorkerRow, 'id' | 'name' | 'running'>;

async function drain({ id, name }: Target): Promise<string> {
  const { drainWorker } = await request(DrainWorkerDocument, { workerId: id });
  successOf(drainWorker, 'DrainWorkerSuccess');
  return `${name} claims nothing more.`;
}

async function deregister({ id, name }: Target): Promise<string> {
  const { deregisterWorker } = await request(DeregisterWorkerDocument, { workerId: id });
  const { released } = successOf(deregisterWorker, 'DeregisterWorkerSuccess');
  return `Deregistered ${name}${released > 0 ? `: ${many(released, 'task')} went back to the queue` : ''}.`;
}

export function useWorkerActions(): { ask(action: Action, worker: Target): void; dialog: ReactNode } {
  const [asked, setAsked] = useState<{ action: Action; worker: Target }>();
  const close = () => setAsked(undefined);
  async function act() {
    if (!asked) return;
    close();
    const { action, worker } = asked;
    await announceOutcome(() => (action === 'drain' ? drain(worker) : deregister(worker)));
  }
  const verb = asked?.action === 'drain' ? 'Drain' : 'Deregister';
  const dialog = asked && (
    <Dialog title={`${verb} ${asked.worker.name}?`} onClose={close}>
      <p>
        {asked.action === 'drain'
          ? `It claims nothing more and finishes what it has${asked.worker.running > 0 ? `: ${many(asked.worker.running, 'task')}` : ''}. Its program ends the drain by registering anew.`
          : `${asked.worker.running > 0 ? `Its ${many(asked.worker.running, 'task')} go back to the queue at once, without a failure counted. ` : ''}A program that still runs has to register again.`}
      </p>
      <DialogActions>
        <Button onClick={close}>Leave it</Button>
        <Button kind={asked.action === 'drain' ? 'primary' : 'danger'} onClick={() => void act()}>
          {verb}
        </Button>
      </DialogActions>
    </Dialog>
  );
  return { ask: (action, worker) => setAsked({ action, worker }), dialog };
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
