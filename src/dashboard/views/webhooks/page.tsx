import { useState } from 'react';
import { useRead } from '../../api/read.ts';
import { type WebhookRow, WebhooksDocument } from '../../api/webhooks.ts';
import { Button } from '../../design/button.tsx';
import { Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { Table, type TableColumn } from '../../design/table.tsx';
import { many, wordOf } from '../../design/text.ts';
import { Time } from '../../design/time.tsx';
import { Link } from '../../frame/link.tsx';
import { PageHead } from '../../frame/page-head.tsx';
import { useAudit } from '../../live/use-audit.ts';
import { isReadOnly } from '../../session/read-only.ts';
import pageStyles from '../jobs/page.module.css';
import { testWebhook, WEBHOOK_KEYS } from './actions.ts';
import { CreateWebhook } from './create-webhook.tsx';
import { WebhookState } from './state.tsx';

const COLUMNS: readonly TableColumn<WebhookRow>[] = [
  { label: 'State', cell: (webhook) => <WebhookState webhook={webhook} /> },
  {
    label: 'Webhook',
    isTitle: true,
    cell: ({ id, url, description }) => (
      <Link to={`/webhooks/${id}`} className={pageStyles.job}>
        <strong>{description || url}</strong>
        {description && <span className={pageStyles.description}>{url}</span>}
      </Link>
    ),
  },
  {
    label: 'Events',
    cell: ({ types }) => (
      <span title={types.map(wordOf).join('\n')}>
        {types.length === 0
          ? 'every type'
          : types.length === 1
            ? wordOf(types[0] ?? '')
            : `${types.length} types`}
      </span>
    ),
  },
  {
    label: 'Severity',
    cell: ({ minSeverity }) => (minSeverity === 'INFO' ? 'every one' : `${wordOf(minSeverity)} and worse`),
  },
  { label: 'Room', cell: ({ room }) => room ?? 'all' },
  { label: 'Changed', cell: ({ updatedAt }) => <Time at={updatedAt} /> },
  {
    label: 'Actions',
    hideLabel: true,
    cell: (webhook) =>
      !isReadOnly && (
        <Button
          kind="quiet"
          because={webhook.enabled ? undefined : 'It is off'}
          onClick={() => void testWebhook(webhook)}
        >
          Test
        </Button>
      ),
  },
];

export function Page() {
  const { data, error, loading, again } = useRead('webhooks', WebhooksDocument, {}, { keep: true });
  const [creating, setCreating] = useState(false);
  useAudit(['WEBHOOK_CREATED', 'WEBHOOK_UPDATED', 'WEBHOOK_DELETED', 'WEBHOOK_DISABLED'], WEBHOOK_KEYS);
  const webhooks = data?.webhooks.nodes ?? [];
  return (
    <div className={pageStyles.page}>
      <PageHead title="Webhooks" aside={data && many(webhooks.length, 'webhook')}>
        {!isReadOnly && (
          <Button kind="primary" onClick={() => setCreating(true)}>
            Create a webhook
          </Button>
        )}
      </PageHead>
      {error !== undefined && <ErrorNote error={error} retry={again} />}
      {loading && <Loading what="the webhooks" />}
      {data && webhooks.length === 0 && (
        <Empty title="No webhook receives events yet">
          <p>
            A webhook sends each event of the audit log that it asks for to an address of yours: a failed task
            to a chat, a lost worker to a pager.
          </p>
          {!isReadOnly && <Button onClick={() => setCreating(true)}>Create the first one</Button>}
        </Empty>
      )}
      {webhooks.length > 0 && (
        <Table
          label="Webhooks"
          rows={webhooks}
          keyOf={({ id }) => id}
          isFaint={({ enabled }) => !enabled}
          columns={COLUMNS}
        />
      )}
      {creating && <CreateWebhook close={() => setCreating(false)} />}
    </div>
  );
}
