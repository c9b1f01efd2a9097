/** webhookDeliveryEvents: what is sent to a webhook, live; and redeliverWebhook. */
import { DeliveryNotFound, Forbidden } from '../../domain/problems.ts';
import { fromTypeId, toTypeId } from '../../domain/typeid.ts';
import type { DeliveryRow } from '../../domain/webhook.ts';
import type { WatchedListItem } from '../../events/streams/watched-list.ts';
import { WATCHED_DELIVERIES } from '../../events/streams/webhook-deliveries.ts';
import { builder } from '../builder.ts';
import { notFoundError } from '../errors.ts';
import { requireOperator } from '../operator.ts';
import { asDelivery, WebhookDeliveryType } from './type.ts';

type Item = WatchedListItem<DeliveryRow>;
type Kind<K extends Item['kind']> = Extract<Item, { kind: K }>;

const Snapshot = builder.objectRef<Kind<'snapshot'>>('WebhookDeliveriesSnapshot').implement({
  description: 'The deliveries as they are at the beginning of the stream.',
  fields: (t) => ({
    deliveries: t.field({
      type: [WebhookDeliveryType],
      description: `Newest first, ${WATCHED_DELIVERIES} at most.`,
      resolve: ({ rows }) => rows.map(asDelivery),
    }),
  }),
});

const Changed = builder.objectRef<Kind<'changed'>>('WebhookDeliveryChanged').implement({
  description: 'The delivery is new, or an attempt was made. Of changes in one second only the last comes.',
  fields: (t) => ({
    delivery: t.field({
      type: WebhookDeliveryType,
      description: 'The delivery as it is now.',
      resolve: ({ row }) => asDelivery(row),
    }),
  }),
});

const Gone = builder.objectRef<Kind<'gone'>>('WebhookDeliveryGone').implement({
  description: `The delivery is none of the newest ${WATCHED_DELIVERIES} any more, or was deleted.`,
  fields: (t) => ({
    deliveryId: t.id({
      description: 'ID of the delivery.',
      resolve: ({ row }) => toTypeId('delivery', row.id),
    }),
  }),
});

const TYPES = { snapshot: Snapshot, changed: Changed, gone: Gone };

const WebhookDeliveryEvent = builder.unionType('WebhookDeliveryEvent', {
  description: 'First the newest deliveries as they are, then every change.',
  types: [Snapshot, Changed, Gone],
  resolveType: (item) => TYPES[(item as Item).kind],
});

builder.subscriptionField('webhookDeliveryEvents', (t) =>
  t.field({
    type: WebhookDeliveryEvent,
    description: `The newest ${WATCHED_DELIVERIES} deliveries of a webhook: first as they are, then as they are made and attempted, each once a second at most. For an ADMIN.`,
    args: { webhookId: t.arg.id({ required: true }) },
    subscribe: async (_root, { webhookId }, context) => {
      requireOperator(context);
      const { webhooks, watchedLists } = context.services;
      const id = fromTypeId('webhook', webhookId);
      if (id === null || !(await webhooks.find(id))) throw notFoundError('The webhook');
      return watchedLists.deliveries.watch(id);
    },
    resolve: (item) => item,
  }),
);

const RedeliverWebhookInput = builder.inputType('RedeliverWebhookInput', {
  fields: (t) => ({ deliveryId: t.id({ required: true, description: 'The delivery to send once more.' }) }),
});

const RedeliverWebhookSuccess = builder
  .objectRef<{ delivery: DeliveryRow }>('RedeliverWebhookSuccess')
  .implement({
    description: 'The delivery is queued like any other.',
    fields: (t) => ({
      delivery: t.field({
        type: WebhookDeliveryType,
        description: 'The delivery as it is now, to be sent.',
        resolve: ({ delivery }) => asDelivery(delivery),
      }),
    }),
  });

const RedeliverWebhookResult = builder.errorUnion('RedeliverWebhookResult', {
  types: [RedeliverWebhookSuccess, DeliveryNotFound, Forbidden],
  resolveType: () => RedeliverWebhookSuccess,
});

builder.mutationField('redeliverWebhook', (t) =>
  t.field({
    type: RedeliverWebhookResult,
    description:
      'Sends a delivery once more that was delivered or given up, with the same id and content, to the present URL of its webhook. A delivery that is still to be sent stays as it is. For an ADMIN.',
    args: { input: t.arg({ type: RedeliverWebhookInput, required: true }) },
    resolve: async (_root, { input: { deliveryId } }, context) => {
      requireOperator(context);
      const id = fromTypeId('delivery', deliveryId);
      const delivery = id === null ? null : await context.services.webhooks.redeliver(id);
      if (!delivery) throw new DeliveryNotFound(deliveryId);
      return { delivery };
    },
  }),
);
