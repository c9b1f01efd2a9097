import { useState } from 'react';
import { useRead } from '../../api/read.ts';
import { WebhookDeliveriesDocument, type WebhookRow } from '../../api/webhooks.ts';
import { Button } from '../../design/button.tsx';
import { Lamp, type LampKind } from '../../design/lamp.tsx';
import { Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { Table } from '../../design/table.tsx';
import { spanText, wordOf } from '../../design/text.ts';
import { Time } from '../../design/time.tsx';
import type { WebhookDeliveriesQuery, WebhookDeliveryStatus } from '../../generated/graphql.ts';
import pageStyles from '../jobs/page.module.css';
import styles from './deliveries.module.css';

type Delivery = WebhookDeliveriesQuery['webhookDeliveries']['nodes'][number];

const KINDS: Record<WebhookDeliveryStatus, LampKind> = {
  PENDING: 'busy',
  DELIVERED: 'good',
  FAILED: 'danger',
};

/** What was sent, and what was answered. */
export function Deliveries({ webhook }: { webhook: WebhookRow }) {
  const { data, error, loading, again } = useRead(
    'deliveries',
    WebhookDeliveriesDocument,
    { webhookId: webhook.id },
    { keep: true },
  );
  const [opened, setOpened] = useState<string>();
  if (error !== undefined) return <ErrorNote error={error} retry={again} />;
  if (loading) return <Loading what="the deliveries" />;
  const deliveries = data?.webhookDeliveries.nodes ?? [];
  if (deliveries.length === 0) {
    return (
      <Empty title="Nothing was sent yet">
        <p>The next event that it asks for is. A test is sent at once.</p>
      </Empty>
    );
  }
  return (
    <>
      <p>
        <Button onClick={again}>Read again</Button>
      </p>
      <Table
        label="Deliveries"
        rows={deliveries}
        keyOf={({ id }) => id}
        columns={[
          { label: 'Outcome', cell: ({ status }) => <Lamp kind={KINDS[status]}>{wordOf(status)}</Lamp> },
          { label: 'Event', cell: ({ type }) => wordOf(type) },
          {
            label: 'Answer',
            cell: (delivery) => (
              <Answer delivery={delivery} isOpened={opened === delivery.id} open={setOpened} />
            ),
          },
          { label: 'Tries', numeric: true, cell: ({ attempts }) => attempts },
          {
            label: 'Took',
            numeric: true,
            cell: ({ durationMs }) =>
              durationMs === null || durationMs === undefined ? '' : spanText(durationMs),
          },
          { label: 'Created', cell: ({ createdAt }) => <Time at={createdAt} /> },
          { label: 'Last try', cell: ({ lastAttemptAt }) => lastAttemptAt && <Time at={lastAttemptAt} /> },
        ]}
      />
    </>
  );
}

interface AnswerProps {
  delivery: Delivery;
  isOpened: boolean;
  open(id: string | undefined): void;
}

function Answer({ delivery: { id, responseCode, response, error }, isOpened, open }: AnswerProps) {
  return (
    <div className={styles.answer}>
      {responseCode !== null && responseCode !== undefined && <code>{responseCode}</code>}
      {error && <bdi className={pageStyles.bad}>{error}</bdi>}
      {response && (
        <Button kind="quiet" aria-expanded={isOpened} onClick={() => open(isOpened ? undefined : id)}>
          {isOpened ? 'Hide' : 'Body'}
        </Button>
      )}
      {isOpened && (
        <pre tabIndex={0} className={styles.body}>
          {response}
        </pre>
      )}
    </div>
  );
}
