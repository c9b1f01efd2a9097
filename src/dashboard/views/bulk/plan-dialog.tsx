/** Acting on everything that matches: what would be done is found and counted first, and then done to exactly that. */
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { successOf } from '../../../client/problems.ts';
import { ApplyBulkDocument, type BulkPlan, PlanBulkDocument } from '../../api/bulk.ts';
import { request } from '../../api/connection.ts';
import { Button } from '../../design/button.tsx';
import { Dialog, DialogActions } from '../../design/dialog.tsx';
import { Field, Form, Input } from '../../design/field.tsx';
import { Banner, ErrorNote, Loading } from '../../design/note.tsx';
import { Status } from '../../design/status.tsx';
import { countText, jobName, many, shortId, wordOf } from '../../design/text.ts';
import type { BulkAction, TaskFilter } from '../../generated/graphql.ts';
import styles from './plan-dialog.module.css';

/** From so many on, the number is typed before it is done. */
const TYPED_FROM = 1_000;

export interface PlanDialogProps {
  action: BulkAction;
  room: string | undefined;
  filter: TaskFilter;
  close(): void;
}

export function PlanDialog({ action, room, filter, close }: PlanDialogProps) {
  const [plan, setPlan] = useState<BulkPlan>();
  const [error, setError] = useState<unknown>();
  const [reason, setReason] = useState('');
  // Of a cancellation the reason is part of the plan: it is asked for first.
  const [asksReason, setAsksReason] = useState(action === 'CANCEL');
  const asked = JSON.stringify([action, room, filter]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for what is planned.
  useEffect(() => {
    if (asksReason) return;
    let gone = false;
    request(PlanBulkDocument, { input: { action, room, filter, reason: reason.trim() || undefined } })
      .then(({ planBulk }) => !gone && setPlan(successOf(planBulk, 'PlanBulkSuccess').plan))
      .catch((refused) => !gone && setError(refused));
    return () => {
      gone = true;
    };
  }, [asked, asksReason]);
  return (
    <Dialog title={`${wordOf(action)} all that match`} onClose={close} wide>
      {error !== undefined && <ErrorNote error={error} />}
      {asksReason ? (
        <Form onSubmit={() => setAsksReason(false)}>
          <Field label="Reason" hint="For the history of each task and the workers that are on them.">
            {(ids) => (
              <Input
                {...ids}
                autoFocus
                maxLength={1000}
                value={reason}
                onChange={({ target }) => setReason(target.value)}
              />
            )}
          </Field>
          <DialogActions>
            <Button onClick={close}>Leave them</Button>
            <Button kind="primary" type="submit">
              Count what matches
            </Button>
          </DialogActions>
        </Form>
      ) : plan ? (
        <Plan plan={plan} close={close} fail={setError} />
      ) : (
        error === undefined && <Loading what="what matches" />
      )}
    </Dialog>
  );
}

interface PlanProps {
  plan: BulkPlan;
  close(): void;
  fail(error: unknown): void;
}

function Plan({ plan, close, fail }: PlanProps) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const { permitted, matching, action } = plan;
  const mustType = permitted >= TYPED_FROM;
  const because =
    permitted === 0
      ? 'There is nothing to do'
      : mustType && typed.replace(/\D/g, '') !== String(permitted)
        ? 'Type the number first'
        : undefined;
  async function apply() {
    if (because !== undefined || busy) return;
    setBusy(true);
    try {
      const { applyBulk } = await request(ApplyBulkDocument, { input: { planId: plan.id } });
      const { run } = successOf(applyBulk, 'BulkRunSuccess');
      close();
      void navigate({
        to: `/bulk/${run.id}`,
        search: ((now: { room?: string }) => ({ room: now.room })) as never,
      });
    } catch (refused) {
      fail(refused);
      setBusy(false);
    }
  }
  return (
    <Form onSubmit={() => void apply()}>
      <p>
        <strong>{many(matching, 'task')}</strong> match{matching === 1 ? 'es' : ''};{' '}
        <strong>{countText(permitted)}</strong> of them can be {PAST[action]} by you now.
        {matching > permitted && ' The others have another status, or belong to somebody else.'}
      </p>
      {plan.atLeast && (
        <Banner>There may be more: a plan has {countText(matching)} at most. Make another after it.</Banner>
      )}
      <Sample plan={plan} />
      <p className={styles.note}>What is submitted from now on is not touched.</p>
      {mustType && (
        <Field label={`Type ${countText(permitted)} to go on`}>
          {(ids) => (
            <Input
              {...ids}
              autoFocus
              inputMode="numeric"
              value={typed}
              onChange={({ target }) => setTyped(target.value)}
            />
          )}
        </Field>
      )}
      <DialogActions>
        <Button onClick={close}>Leave them</Button>
        <Button kind={action === 'RETRY' ? 'primary' : 'danger'} type="submit" because={because}>
          {wordOf(action)} {countText(permitted)}
        </Button>
      </DialogActions>
    </Form>
  );
}

/** How many have which status, and a few of them. */
function Sample({ plan }: { plan: BulkPlan }) {
  return (
    <>
      <ul className={styles.statuses}>
        {plan.byStatus
          .filter(({ count }) => count > 0)
          .map(({ status, count }) => (
            <li key={status}>
              <Status status={status} /> {countText(count)}
            </li>
          ))}
      </ul>
      {plan.sample.length > 0 && (
        <>
          <h3>Such as</h3>
          <ul className={styles.sample}>
            {plan.sample.map(({ id, status, job, error }) => (
              <li key={id}>
                <Status status={status} /> <strong>{jobName(job.fullName)}</strong> <code>{shortId(id)}</code>{' '}
                <bdi className={styles.message}>
                  {error && [error.code, error.message].filter(Boolean).join(': ')}
                </bdi>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

export const PAST: Record<BulkAction, string> = {
  RETRY: 'retried',
  CANCEL: 'cancelled',
  DISCARD: 'discarded',
};
