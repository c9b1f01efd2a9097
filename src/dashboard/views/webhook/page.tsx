import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { messageOf } from '../../../client/errors.ts';
import { useRead } from '../../api/read.ts';
import { type WebhookRow, WebhooksDocument } from '../../api/webhooks.ts';
import { Button } from '../../design/button.tsx';
import { Dialog, DialogActions } from '../../design/dialog.tsx';
import { Fact, Facts } from '../../design/facts.tsx';
import { Banner, Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { wordOf } from '../../design/text.ts';
import { Time } from '../../design/time.tsx';
import { announce } from '../../frame/announce.tsx';
import { Link } from '../../frame/link.tsx';
import { PageHead } from '../../frame/page-head.tsx';
import { useAudit } from '../../live/use-audit.ts';
import { isReadOnly } from '../../session/read-only.ts';
import pageStyles from '../jobs/page.module.css';
import { deleteWebhook, rotateSecret, setEnabled, testWebhook, WEBHOOK_KEYS } from '../webhooks/actions.ts';
import { SecretDialog } from '../webhooks/create-webhook.tsx';
import { WebhookState } from '../webhooks/state.tsx';
import { Deliveries } from './deliveries.tsx';

export function Page() {
  const { webhookId } = useParams({ strict: false }) as { webhookId: string };
  const { data, error, loading, again } = useRead('webhooks', WebhooksDocument, {}, { keep: true });
  useAudit(['WEBHOOK_UPDATED', 'WEBHOOK_DELETED', 'WEBHOOK_DISABLED'], WEBHOOK_KEYS);
  const webhook = data?.webhooks.nodes.find(({ id }) => id === webhookId);
  if (error !== undefined) return <ErrorNote error={error} retry={again} />;
  if (loading) return <Loading what="the webhook" />;
  if (!webhook) {
    return (
      <Empty title="There is no such webhook">
        <p>
          It was deleted, or never was. <Link to="/webhooks">All webhooks</Link>
        </p>
      </Empty>
    );
  }
  return <WebhookView webhook={webhook} />;
}

function WebhookView({ webhook }: { webhook: WebhookRow }) {
  return (
    <div className={pageStyles.page}>
      <PageHead
        title={<bdi>{webhook.description || 'Webhook'}</bdi>}
        aside={<WebhookState webhook={webhook} />}
      >
        {!isReadOnly && <Buttons webhook={webhook} />}
      </PageHead>
      {webhook.restingUntil && (
        <Banner kind="danger">
          It failed {webhook.failuresInRow} times in a row and rests: the next try is{' '}
          <Time at={webhook.restingUntil} />.
        </Banner>
      )}
      <Facts>
        <Fact name="Address" wide>
          <code>{webhook.url}</code>
        </Fact>
        <Fact name="Events">{webhook.types.map(wordOf).join(', ') || 'every type'}</Fact>
        <Fact name="Severity">
          {webhook.minSeverity === 'INFO' ? 'every one' : `${wordOf(webhook.minSeverity)} and worse`}
        </Fact>
        <Fact name="Room">{webhook.room ?? 'all'}</Fact>
        <Fact name="Created">
          <Time at={webhook.createdAt} /> by {webhook.createdBy}
        </Fact>
      </Facts>
      <section className={pageStyles.page}>
        <h2>Deliveries</h2>
        <Deliveries webhook={webhook} />
      </section>
    </div>
  );
}

function Buttons({ webhook }: { webhook: WebhookRow }) {
  const navigate = useNavigate();
  const [asked, setAsked] = useState<'delete' | 'rotate'>();
  const [secret, setSecret] = useState<string>();
  const close = () => setAsked(undefined);
  async function confirm() {
    close();
    if (asked === 'delete') {
      if (await deleteWebhook(webhook)) void navigate({ to: '/webhooks' });
    } else await rotateSecret(webhook).then(setSecret, (error) => announce(messageOf(error), 'danger'));
  }
  return (
    <>
      <Button
        because={webhook.enabled ? undefined : 'It is off'}
        onClick={() => void testWebhook(webhook)}
        kind="primary"
      >
        Send a test
      </Button>
      <Button onClick={() => void setEnabled(webhook, !webhook.enabled)}>
        {webhook.enabled ? 'Turn off' : 'Turn on'}
      </Button>
      <Button onClick={() => setAsked('rotate')}>New secret</Button>
      <Button onClick={() => setAsked('delete')}>Delete</Button>
      {asked && (
        <Dialog title={asked === 'delete' ? 'Delete the webhook?' : 'Make a new secret?'} onClose={close}>
          <p>
            {asked === 'delete'
              ? 'Nothing is sent any more, and its deliveries are forgotten.'
              : 'Deliveries are signed by the new one from now on: whoever checks them needs it.'}
          </p>
          <DialogActions>
            <Button onClick={close}>Leave it</Button>
            <Button kind={asked === 'delete' ? 'danger' : 'primary'} onClick={() => void confirm()}>
              {asked === 'delete' ? 'Delete' : 'Make it'}
            </Button>
          </DialogActions>
        </Dialog>
      )}
      {secret !== undefined && <SecretDialog secret={secret} close={() => setSecret(undefined)} />}
    </>
  );
}
