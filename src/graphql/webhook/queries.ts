/** webhooks and webhookDeliveries. */
import { fromTypeId } from '../../domain/typeid.ts';
import { builder } from '../builder.ts';
import { notFoundError } from '../errors.ts';
import { requireOperator } from '../operator.ts';
import { pageComplexity, resolveKeyset } from '../paging.ts';
import { WebhookDeliveryType, WebhookType } from './type.ts';

builder.queryField('webhooks', (t) =>
  t.connection(
    {
      type: WebhookType,
      description: 'Webhooks, newest first. For an ADMIN.',
      complexity: pageComplexity,
      resolve: (_root, args, context) => {
        requireOperator(context);
        return resolveKeyset('webhook', 'desc', args, (page) =>
          context.services.prisma.webhook.findMany(page),
        );
      },
    },
    { name: 'WebhookConnection' },
    { name: 'WebhookEdge' },
  ),
);

builder.queryField('webhookDeliveries', (t) =>
  t.connection(
    {
      type: WebhookDeliveryType,
      description: 'What was sent to a webhook, and is to be sent; newest first. For an ADMIN.',
      args: { webhookId: t.arg.id({ required: true }) },
      complexity: pageComplexity,
      resolve: async (_root, { webhookId, ...args }, context) => {
        requireOperator(context);
        const uuid = fromTypeId('webhook', webhookId);
        if (uuid === null || !(await context.services.webhooks.find(uuid)))
          throw notFoundError('The webhook');
        return resolveKeyset('delivery', 'desc', args, (page) =>
          context.services.prisma.webhookDelivery.findMany({
            ...page,
            where: { ...page.where, webhookId: uuid },
          }),
        );
      },
    },
    { name: 'WebhookDeliveryConnection' },
    { name: 'WebhookDeliveryEdge' },
  ),
);
