/** Webhooks: receivers of events by HTTP, and their deliveries. */
import type { AuditEntryType, AuditSeverity } from './audit.ts';

export const DELIVERY_STATUSES = ['PENDING', 'DELIVERED', 'FAILED'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** What a caller says of a webhook. */
export interface WebhookSettings {
  url: string;
  description: string | null;
  /** Empty: all types. */
  types: AuditEntryType[];
  minSeverity: AuditSeverity;
  /** Null: whatever the room. */
  room: string | null;
  enabled: boolean;
}

/** Attempts that fail in a row, of whatever deliveries, before a receiver is left alone for a while. */
export const FAILURES_BEFORE_REST = 3;
/** Seconds that it is left alone first; twice as long after each further failure. */
export const FIRST_REST_SECONDS = 5;
export const LONGEST_REST_SECONDS = 3_600;
/** A receiver that has failed so often in a row, and for so many hours, is switched off. */
export const FAILURES_BEFORE_END = 20;
export const HOURS_BEFORE_END = 24;

export interface WebhookRow extends WebhookSettings {
  /** UUIDv7. */
  id: string;
  createdBy: string;
  createdAt: Date;
  updatedAt: Date;
  /** Attempts that have failed since the last one that did not. */
  failuresInRow: number;
  /** When the first of these was. */
  failingSince: Date | null;
  /** Nothing is sent before. */
  restingUntil: Date | null;
}

/** A delivery as it is shown: what became of it, without what is sent. */
export interface DeliveryRow {
  /** UUIDv7. */
  id: string;
  webhookId: string;
  /** Null for a test. */
  eventId: string | null;
  type: string;
  status: DeliveryStatus;
  attempts: number;
  responseCode: number | null;
  response: string | null;
  error: string | null;
  durationMs: number | null;
  createdAt: Date;
  lastAttemptAt: Date | null;
}

/** Deliveries that are due, of one webhook. */
export interface DueReceiver {
  /** The internal job whose tasks they are; its name is the webhook's id. */
  jobId: string;
  jobName: string;
  /** Attempts of the webhook that have failed in a row. */
  failuresInRow: number;
}

/** What has to be sent where. */
export interface DueDelivery {
  /** UUIDv7. */
  id: string;
  url: string;
  /** whsec_… */
  secret: string;
  enabled: boolean;
  eventId: string | null;
  type: string;
  body: {
    severity: AuditSeverity;
    room: string | null;
    actor: string;
    correlationId: string | null;
    subjectKind: string | null;
    subjectId: string | null;
    payload: unknown;
    at: string;
  };
}

/** How an attempt to deliver went. */
export interface DeliveryAttempt {
  responseCode: number | null;
  /** The beginning of what the receiver said. */
  response: string | null;
  /** Null: it was delivered. */
  error: string | null;
  durationMs: number;
}
