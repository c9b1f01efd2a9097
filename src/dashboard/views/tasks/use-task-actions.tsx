/** Retry, cancel and discard, with a question before what cannot be undone. */
import { type ReactNode, useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Dialog, DialogActions } from '../../design/dialog.tsx';
import { Field, Form, Input } from '../../design/field.tsx';
import { many } from '../../design/text.ts';
import { useViewer } from '../../session/session.ts';
import { cancelTasks, discardTasks, mayChange, retryTasks } from './actions.ts';

export type TaskListAction = 'retry' | 'cancel' | 'discard';

export function useTaskActions(done: () => void): {
  ask(action: TaskListAction, ids: readonly string[]): void;
  dialog: ReactNode;
} {
  const { role } = useViewer();
  const [asked, setAsked] = useState<{ action: TaskListAction; ids: readonly string[] }>();
  function ask(action: TaskListAction, ids: readonly string[]) {
    if (ids.length === 0 || !mayChange(role)) return;
    // A retry of one task can be cancelled again: it is not worth a question.
    if (action === 'retry' && ids.length === 1) void retryTasks(ids).then(done);
    else setAsked({ action, ids });
  }
  const close = () => setAsked(undefined);
  const dialog = asked && (
    <ActionDialog
      {...asked}
      close={close}
      confirm={(reason) => {
        close();
        void act(asked.action, asked.ids, reason).then(done);
      }}
    />
  );
  return { ask, dialog };
}

function act(action: TaskListAction, ids: readonly string[], reason: string): Promise<void> {
  switch (action) {
    case 'retry':
      return retryTasks(ids);
    case 'cancel':
      return cancelTasks(ids, reason);
    case 'discard':
      return discardTasks(ids);
  }
}

const WORDS: Record<TaskListAction, { verb: string; says: string }> = {
  retry: {
    verb: 'Retry',
    says: 'Each that has failed goes back to the queue with a fresh budget of attempts.',
  },
  cancel: { verb: 'Cancel', says: 'Workers stop them at once. This cannot be undone.' },
  discard: {
    verb: 'Discard',
    says: 'Dead letters leave the list and stay failed. A retry of one brings it back.',
  },
};

interface ActionDialogProps {
  action: TaskListAction;
  ids: readonly string[];
  close(): void;
  confirm(reason: string): void;
}

function ActionDialog({ action, ids, close, confirm }: ActionDialogProps) {
  const [reason, setReason] = useState('');
  const { verb, says } = WORDS[action];
  const what = `${verb} ${many(ids.length, 'task')}`;
  return (
    <Dialog title={`${what}?`} onClose={close}>
      <p>{says}</p>
      <Form onSubmit={() => confirm(reason)}>
        {action === 'cancel' && (
          <Field label="Reason" hint="For the history and the worker.">
            {(ids) => (
              <Input
                {...ids}
                value={reason}
                maxLength={1000}
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </Field>
        )}
        <DialogActions>
          <Button onClick={close}>Leave them</Button>
          <Button kind={action === 'retry' ? 'primary' : 'danger'} type="submit">
            {what}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
