/** Webhooks, and the making and recording of their deliveries. */
import { AUDIT_SEVERITIES, SYSTEM_ACTOR } from '../../domain/audit.ts';
import { INTERNAL_ROOM } from '../../domain/rooms.ts';
import { newUuid } from '../../domain/typeid.ts';
import {
  type DeliveryAttempt,
  type DeliveryStatus,
  type DueDelivery,
  type DueReceiver,
  FAILURES_BEFORE_END,
  FAILURES_BEFORE_REST,
  FIRST_REST_SECONDS,
  HOURS_BEFORE_END,
  LONGEST_REST_SECONDS,
  type WebhookRow,
  type WebhookSettings,
} from '../../domain/webhook.ts';
import { insertAuditEntries, recordAuditEntryCte } from '../audit/record-entry.ts';
import type { DatabaseSession } from '../database/database.ts';
import { queryOne } from '../database/query-one.ts';
import { statement } from '../database/statement.ts';

export async function createWebhook(
  session: DatabaseSession,
  settings: WebhookSettings,
  secret: string,
  actor: string,
): Promise<WebhookRow> {
  return queryOne<WebhookRow>(session, CREATE, [newUuid(), ...columnsOf(settings), secret, actor]);
}

/**
 * Null when there is none. A null secret leaves the present one. Where it is all so already, nothing is written, but that
 * one that fails is tried again at once.
 */
export async function updateWebhook(
  session: DatabaseSession,
  id: string,
  settings: WebhookSettings,
  secret: string | null,
  actor: string,
): Promise<WebhookRow | null> {
  const [row] = await session.query<WebhookRow>(UPDATE, [id, ...columnsOf(settings), secret, actor]);
  return row ?? null;
}

/** Deletes it with the record of its deliveries. @returns whether there was one */
export async function deleteWebhook(session: DatabaseSession, id: string, actor: string): Promise<boolean> {
  return (await session.query(DELETE, [id, actor])).length > 0;
}

export async function findWebhook(session: DatabaseSession, id: string): Promise<WebhookRow | null> {
  const [row] = await session.query<WebhookRow>(FIND, [id]);
  return row ?? null;
}

/** Whether there are webhooks, and events that were not looked at for them. */
export async function findDispatch(session: DatabaseSession): Promise<{ webhooks: boolean; due: boolean }> {
  return queryOne<{ webhooks: boolean; due: boolean }>(session, FIND_DISPATCH);
}

/**
 * Makes the deliveries of the next events, each once for each webhook that wants it; in a transaction with what will
 * deliver them. Who comes at the same time waits and goes on behind. @returns how many events, and the deliveries
 */
export async function makeDeliveries(
  session: DatabaseSession,
  limit: number,
): Promise<{ events: number; made: NewDelivery[] }> {
  return queryOne<{ events: number; made: NewDelivery[] }>(session, DISPATCH, [limit]);
}

/** UUIDs. */
export interface NewDelivery {
  id: string;
  webhookId: string;
}

/** A delivery that tries whether the webhook is heard. Null when there is no such webhook. */
export async function makeTestDelivery(
  session: DatabaseSession,
  webhookId: string,
  actor: string,
): Promise<string | null> {
  const [row] = await session.query<{ id: string }>(MAKE_TEST, [newUuid(), webhookId, actor]);
  return row?.id ?? null;
}

/**
 * The receivers that have deliveries that are due, but for those that are left alone for a while. What is due of a
 * webhook that is switched off or deleted is there, too: it has to be ended.
 * @param category of the internal jobs
 */
export async function findDueReceivers(session: DatabaseSession, category: string): Promise<DueReceiver[]> {
  return session.query<DueReceiver>(FIND_DUE_RECEIVERS, [category]);
}

/** Null when it is gone with its webhook. */
export async function findDelivery(session: DatabaseSession, id: string): Promise<DueDelivery | null> {
  const [row] = await session.query<DueDelivery>(FIND_DELIVERY, [id]);
  return row ?? null;
}

/**
 * Records an attempt, and how the receiver does: after some failures in a row it is left alone for longer and longer, in
 * the end it is switched off. @returns whether it was
 */
export async function recordAttempt(
  session: DatabaseSession,
  id: string,
  status: DeliveryStatus,
  { responseCode, response, error, durationMs }: DeliveryAttempt,
): Promise<boolean> {
  const clean = (text: string | null) => text?.replaceAll('\0', '�').toWellFormed() ?? null;
  const [row] = await session.query<{ switchedOff: boolean }>(RECORD, [
    id,
    status,
    responseCode,
    clean(response),
    clean(error),
    Math.round(durationMs),
  ]);
  return row?.switchedOff ?? false;
}

function columnsOf({ url, description, types, minSeverity, room, enabled }: WebhookSettings): unknown[] {
  return [url, description, types, minSeverity, room, enabled];
}

const COLUMNS = `webhook.id, webhook.url, webhook.description, webhook.types, webhook.min_severity AS "minSeverity",
  webhook.room, webhook.enabled, webhook.created_by AS "createdBy", webhook.created_at AS "createdAt",
  webhook.updated_at AS "updatedAt", webhook.failures_in_row AS "failuresInRow",
  webhook.failing_since AS "failingSince", webhook.resting_until AS "restingUntil"`;

const recordEvent = (type: 'WEBHOOK_CREATED' | 'WEBHOOK_UPDATED' | 'WEBHOOK_DELETED', actor: string) =>
  recordAuditEntryCte('webhook', {
    type,
    actor,
    payload: "jsonb_build_object('url', webhook.url, 'enabled', webhook.enabled)",
  });

const CREATE = statement(
  'create_webhook',
  `WITH webhook AS (
    INSERT INTO webhook (id, url, description, types, min_severity, room, enabled, secret, created_by)
    VALUES ($1::uuid, $2, $3, $4::text[], $5::event_severity, $6, $7, $8, $9) RETURNING *
  ), ${recordEvent('WEBHOOK_CREATED', 'webhook.created_by')}
  SELECT ${COLUMNS} FROM webhook`,
);

const UPDATE = statement(
  'update_webhook',
  `WITH before AS MATERIALIZED (
    SELECT (url, description, types, min_severity, room, enabled) IS NOT DISTINCT FROM
      ($2::text, $3::text, $4::text[], $5::event_severity, $6::text, $7::bool) AND $8::text IS NULL AS same
    FROM webhook WHERE id = $1::uuid FOR NO KEY UPDATE
  ), rested AS (
    UPDATE webhook SET failures_in_row = 0, failing_since = NULL, resting_until = NULL
    FROM before WHERE webhook.id = $1::uuid AND before.same RETURNING webhook.*
  ), webhook AS (
    UPDATE webhook SET url = $2, description = $3, types = $4::text[], min_severity = $5::event_severity, room = $6,
      enabled = $7, secret = COALESCE($8::text, secret), updated_at = now(),
      failures_in_row = 0, failing_since = NULL, resting_until = NULL
    FROM before WHERE webhook.id = $1::uuid AND NOT before.same RETURNING webhook.*
  ), ${recordEvent('WEBHOOK_UPDATED', '$9::text')}
  SELECT ${COLUMNS} FROM (SELECT * FROM webhook UNION ALL SELECT * FROM rested) webhook`,
);

const DELETE = statement(
  'delete_webhook',
  `WITH webhook AS (
    DELETE FROM webhook WHERE id = $1::uuid RETURNING *
  ), ${recordEvent('WEBHOOK_DELETED', '$2::text')}
  SELECT id FROM webhook`,
);

const FIND = statement('find_webhook', `SELECT ${COLUMNS} FROM webhook WHERE webhook.id = $1::uuid`);

const UNSEEN = `(event.xid, event.serial) > (seen.xid, seen.serial)
  AND event.xid < pg_snapshot_xmin(pg_current_snapshot())`;

const FIND_DISPATCH = statement(
  'find_dispatch',
  `SELECT EXISTS (SELECT 1 FROM webhook) AS webhooks,
    EXISTS (SELECT 1 FROM webhook_cursor seen JOIN event ON ${UNSEEN}) AS due`,
);

const SEVERITY_RANK = AUDIT_SEVERITIES.map((severity, rank) => `WHEN '${severity}' THEN ${rank}`).join(' ');
const rank = (severity: string) => `(CASE ${severity} ${SEVERITY_RANK} END)`;

const DISPATCH = statement(
  'dispatch_events',
  `WITH seen AS MATERIALIZED (
    SELECT xid, serial FROM webhook_cursor FOR UPDATE
  ), page AS (
    SELECT next.* FROM seen CROSS JOIN LATERAL (
      SELECT event.* FROM event WHERE ${UNSEEN} ORDER BY event.xid, event.serial LIMIT $1::int
    ) next
  ), made AS (
    INSERT INTO webhook_delivery (id, webhook_id, event_id, type, body)
    SELECT event_id(), webhook.id, page.id, page.type, jsonb_build_object('severity', page.severity, 'room', page.room,
      'actor', page.actor, 'correlationId', page.correlation_id, 'subjectKind', page.subject_kind,
      'subjectId', page.subject_id, 'payload', page.payload, 'at', page.at)
    FROM page JOIN webhook ON webhook.enabled AND page.at >= webhook.created_at
      AND (cardinality(webhook.types) = 0 OR page.type = ANY(webhook.types))
      AND ${rank('page.severity')} >= ${rank('webhook.min_severity')}
      AND (webhook.room IS NULL OR webhook.room = page.room)
    ORDER BY page.xid, page.serial
    ON CONFLICT (webhook_id, event_id) DO NOTHING
    RETURNING id, webhook_id
  ), moved AS (
    UPDATE webhook_cursor SET xid = last.xid, serial = last.serial
    FROM (SELECT xid, serial FROM page ORDER BY xid DESC, serial DESC LIMIT 1) last
  )
  SELECT (SELECT count(*)::int FROM page) AS events,
    COALESCE((SELECT jsonb_agg(jsonb_build_object('id', id, 'webhookId', webhook_id) ORDER BY id) FROM made), '[]') AS made`,
);

const MAKE_TEST = statement(
  'make_test_delivery',
  `INSERT INTO webhook_delivery (id, webhook_id, type, body)
  SELECT $1::uuid, webhook.id, 'TEST', jsonb_build_object('severity', 'INFO', 'room', webhook.room, 'actor', $3::text,
    'correlationId', NULL, 'subjectKind', 'webhook', 'subjectId', webhook.id, 'payload', '{}'::jsonb, 'at', now())
  FROM webhook WHERE webhook.id = $2::uuid RETURNING id`,
);

const FIND_DELIVERY = statement(
  'find_delivery',
  `SELECT delivery.id, webhook.url, webhook.secret, webhook.enabled, delivery.event_id AS "eventId", delivery.type,
    delivery.body
  FROM webhook_delivery delivery JOIN webhook ON webhook.id = delivery.webhook_id WHERE delivery.id = $1::uuid`,
);

const FIND_DUE_RECEIVERS = statement(
  'find_due_receivers',
  `SELECT job.id AS "jobId", job.name AS "jobName", COALESCE(webhook.failures_in_row, 0) AS "failuresInRow"
  FROM job LEFT JOIN webhook ON webhook.id::text = job.name AND webhook.enabled
  WHERE job.room = '${INTERNAL_ROOM}' AND job.category = $1::text
    AND (webhook.resting_until IS NULL OR webhook.resting_until <= now())
    AND ((
      SELECT true FROM task_queue q WHERE q.job_id = job.id AND q.ready
      ORDER BY q.priority DESC, q.run_at, q.task_id LIMIT 1
    ) OR (
      SELECT q.run_at FROM task_queue q WHERE q.job_id = job.id AND NOT q.ready AND q.gate_id IS NULL
      ORDER BY q.run_at LIMIT 1
    ) <= now())`,
);

const FAILURES = 'webhook.failures_in_row + 1';
const IS_OVER = `${FAILURES} >= ${FAILURES_BEFORE_END}
  AND webhook.failing_since < now() - interval '${HOURS_BEFORE_END} hours'`;

// A success of a receiver that does well changes nothing of it: it need not be written for every delivery.
const RECORD = statement(
  'record_attempt',
  `WITH attempt AS (
    UPDATE webhook_delivery SET status = $2::text::webhook_delivery_status, attempts = attempts + 1,
      response_code = $3::int, response = $4, error = $5::text, duration_ms = $6::int, last_attempt_at = now()
    WHERE id = $1::uuid RETURNING webhook_id
  ), well AS (
    UPDATE webhook SET failures_in_row = 0, failing_since = NULL, resting_until = NULL
    FROM attempt WHERE webhook.id = attempt.webhook_id AND $5::text IS NULL AND webhook.failures_in_row > 0
  ), webhook_after AS (
    UPDATE webhook SET failures_in_row = ${FAILURES}, failing_since = COALESCE(webhook.failing_since, now()),
      resting_until = CASE WHEN ${FAILURES} >= ${FAILURES_BEFORE_REST} THEN now() + interval '1 second' * least(
        ${LONGEST_REST_SECONDS}, ${FIRST_REST_SECONDS} * 2.0 ^ least(20, ${FAILURES} - ${FAILURES_BEFORE_REST})) END,
      enabled = NOT (${IS_OVER})
    FROM attempt WHERE webhook.id = attempt.webhook_id AND $5::text IS NOT NULL AND webhook.enabled
    RETURNING webhook.*
  ), recorded AS (
    ${insertAuditEntries({
      type: 'WEBHOOK_DISABLED',
      severity: 'ERROR',
      room: 'webhook_after.room',
      actor: `'${SYSTEM_ACTOR}'`,
      subjectKind: 'webhook',
      subjectId: 'webhook_after.id',
      payload: `jsonb_build_object('url', webhook_after.url, 'failures', webhook_after.failures_in_row,
        'failingSince', webhook_after.failing_since, 'error', $5::text)`,
      from: 'webhook_after WHERE NOT webhook_after.enabled',
    })}
  )
  SELECT EXISTS (SELECT 1 FROM webhook_after WHERE NOT enabled) AS "switchedOff"`,
);
