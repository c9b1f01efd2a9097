/** Webhook and WebhookDelivery. */
import type { AuditEntryType } from '../../domain/audit.ts';
import { toTypeId } from '../../domain/typeid.ts';
import { DELIVERY_STATUSES, type DeliveryRow, type WebhookRow } from '../../domain/webhook.ts';
import type {
  WebhookDelivery as PrismaDelivery,
  Webhook as PrismaWebhook,
} from '../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { EventSeverityEnum, EventTypeEnum } from '../event/type.ts';

export const WebhookType = builder.prismaNode('Webhook', {
  description: 'A receiver of events by HTTP. Its secret is never shown again.',
  id: { field: 'id' },
  authScopes: { authenticated: true },
  fields: (t) => ({
    url: t.exposeString('url'),
    description: t.exposeString('description', { nullable: true }),
    types: t.field({
      type: [EventTypeEnum],
      description: 'Empty means every type.',
      resolve: ({ types }) => types as AuditEntryType[],
    }),
    minSeverity: t.expose('minSeverity', { type: EventSeverityEnum }),
    room: t.exposeString('room', {
      nullable: true,
      description: 'Only what concerns this room; null for every room.',
    }),
    enabled: t.exposeBoolean('enabled', { description: 'Whether events are queued and sent.' }),
    failuresInRow: t.exposeInt('failuresInRow', {
      description:
        'Attempts that have failed since the last one that did not, of any delivery. A webhook that goes on failing is tried less and less often, and disabled after a day.',
    }),
    restingUntil: t.expose('restingUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'Nothing is sent before this time, since the last attempts have failed; null otherwise.',
    }),
    createdBy: t.exposeString('createdBy'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
  }),
});

const WebhookDeliveryStatusEnum = builder.enumType('WebhookDeliveryStatus', {
  description: 'Status of a delivery.',
  values: DELIVERY_STATUSES,
});

export const WebhookDeliveryType = builder.prismaNode('WebhookDelivery', {
  description: 'One event, or a test, for one webhook, and what became of it.',
  id: { field: 'id' },
  authScopes: { authenticated: true },
  fields: (t) => ({
    type: t.exposeString('type', { description: 'Type of the event, or TEST.' }),
    eventId: t.id({
      nullable: true,
      description: 'ID of the event; null for a test.',
      resolve: ({ eventId }) => eventId && toTypeId('event', eventId),
    }),
    status: t.expose('status', { type: WebhookDeliveryStatusEnum }),
    attempts: t.exposeInt('attempts', { description: 'Attempts so far.' }),
    responseCode: t.exposeInt('responseCode', {
      nullable: true,
      description: 'HTTP status of the last answer; null when there was none.',
    }),
    response: t.exposeString('response', {
      nullable: true,
      description: 'The beginning of the last answer: 1,000 characters at most.',
    }),
    error: t.exposeString('error', { nullable: true, description: 'Why the last attempt has failed.' }),
    durationMs: t.exposeInt('durationMs', {
      nullable: true,
      description: 'Milliseconds of the last attempt.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    lastAttemptAt: t.expose('lastAttemptAt', { type: 'DateTime', nullable: true }),
  }),
});

/** The row of a hand-written statement has the shape that Prisma reads, without what is sent. */
export function asDelivery(row: DeliveryRow): PrismaDelivery {
  return row as PrismaDelivery;
}

/** The row of a hand-written statement has the shape that Prisma reads, without the secret. */
export function asWebhook(row: WebhookRow): PrismaWebhook {
  return row as PrismaWebhook;
}
