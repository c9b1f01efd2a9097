/** Deliveries as people see them, and sending one again. */
import type { DeliveryRow } from '../../domain/webhook.ts';
import type { DatabaseSession } from '../database/database.ts';
import { statement } from '../database/statement.ts';

/** The newest deliveries of a webhook, newest first. */
export function listDeliveries(
  session: DatabaseSession,
  webhookId: string,
  limit: number,
): Promise<DeliveryRow[]> {
  return session.query(LIST, [webhookId, limit]);
}

/** The delivery; null when there is none. */
export async function findDeliveryRow(session: DatabaseSession, id: string): Promise<DeliveryRow | null> {
  const [row] = await session.query<DeliveryRow>(FIND, [id]);
  return row ?? null;
}

/**
 * Makes a delivery that has ended one that is to be sent, as it was: with the same id, so that a receiver knows it again.
 * Null when there is none that has ended.
 */
export async function renewDelivery(session: DatabaseSession, id: string): Promise<DeliveryRow | null> {
  const [row] = await session.query<DeliveryRow>(RENEW, [id]);
  return row ?? null;
}

const COLUMNS = `id, webhook_id AS "webhookId", event_id AS "eventId", type, status, attempts,
  response_code AS "responseCode", response, error, duration_ms AS "durationMs", created_at AS "createdAt",
  last_attempt_at AS "lastAttemptAt"`;

const LIST = statement(
  'list_deliveries',
  `SELECT ${COLUMNS} FROM webhook_delivery WHERE webhook_id = $1::uuid ORDER BY id DESC LIMIT $2::int`,
);

const FIND = statement('find_delivery_row', `SELECT ${COLUMNS} FROM webhook_delivery WHERE id = $1::uuid`);

const RENEW = statement(
  'renew_delivery',
  `UPDATE webhook_delivery SET status = 'PENDING' WHERE id = $1::uuid AND status <> 'PENDING' RETURNING ${COLUMNS}`,
);
