/** Webhooks: receivers of events by HTTP, and their deliveries. */
import type { EventSeverity, EventType } from './events.ts';

export const DELIVERY_STATUSES = ['PENDING', 'DELIVERED', 'FAILED'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** What a caller says of a webhook. */
export interface WebhookSettings {
  url: string;
  description: string | null;
  /** Empty: all types. */
  types: EventType[];
  minSeverity: EventSeverity;
  /** Null: whatever the room. */
  room: string | null;
  enabled: boolean;
}

export interface WebhookRow extends WebhookSettings {
  /** UUIDv7. */
  id: string;
  createdBy: string;
  createdAt: Date;
  updatedAt: Date;
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
    severity: EventSeverity;
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
