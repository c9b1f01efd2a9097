import { useState } from 'react';
import { type DeliveryRow, DeliveryStreamDocument, type WebhookRow } from '../../api/webhooks.ts';
import { Button } from '../../design/button.tsx';
import { Lamp, type LampKind } from '../../design/lamp.tsx';
import { Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { Table } from '../../design/table.tsx';
import { spanText, wordOf } from '../../design/text.ts';
import { Time } from '../../design/time.tsx';
import type {
  DeliveryStreamSubscription,
  DeliveryStreamSubscriptionVariables,
  WebhookDeliveryStatus,
} from '../../generated/graphql.ts';
import { useSnapshot } from '../../live/use-snapshot.ts';
import { isReadOnly } from '../../session/read-only.ts';
import pageStyles from '../jobs/page.module.css';
import { redeliver } from '../webhooks/actions.ts';
import styles from './deliveries.module.css';

const KINDS: Record<WebhookDeliveryStatus, LampKind> = {
  PENDING: 'busy',
  DELIVERED: 'good',
  FAILED: 'danger',
};

/** The newest hundred, newest first. */
function useDeliveries(webhookId: string) {
  const { rows, error } = useSnapshot<
    DeliveryRow,
    DeliveryStreamSubscription,
    DeliveryStreamSubscriptionVariables
  >({
    document: DeliveryStreamDocument,
    variables: { webhookId },
    take({ webhookDeliveryEvents: event }) {
      switch (event.__typename) {
        case 'WebhookDeliveriesSnapshot':
          return { all: event.deliveries };
        case 'WebhookDeliveryChanged':
          return { changed: event.delivery };
        case 'WebhookDeliveryGone':
          return { gone: event.deliveryId };
      }
    },
  });
  // Ids begin with their time.
  return { deliveries: rows?.toSorted((a, b) => (a.id < b.id ? 1 : -1)), error };
}

/** What was sent, and what was answered, live. */
export function Deliveries({ webhook }: { webhook: WebhookRow }) {
  const { deliveries, error } = useDeliveries(webhook.id);
  const [opened, setOpened] = useState<string>();
  if (error !== undefined) return <ErrorNote error={error} />;
  if (!deliveries) return <Loading what="the deliveries" />;
  if (deliveries.length === 0) {
    return (
      <Empty title="Nothing was sent yet">
        <p>The next event that it asks for is. A test is sent at once.</p>
      </Empty>
    );
  }
  return (
    <Table
      label="Deliveries"
      rows={deliveries}
      keyOf={({ id }) => id}
      columns={[
        { label: 'Outcome', cell: ({ status }) => <Lamp kind={KINDS[status]}>{wordOf(status)}</Lamp> },
        { label: 'Event', isTitle: true, cell: ({ type }) => wordOf(type) },
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
        {
          label: 'Actions',
          hideLabel: true,
          cell: (delivery) =>
            !isReadOnly &&
            delivery.status !== 'PENDING' && (
              <Button kind="quiet" onClick={() => void redeliver(delivery)}>
                Send again
              </Button>
            ),
        },
      ]}
    />
  );
}

interface AnswerProps {
  delivery: DeliveryRow;
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
