/** createWebhook, updateWebhook, deleteWebhook and testWebhook. */
import { z } from 'zod';
import { Forbidden, InvalidInput, InvalidRoomId, WebhookNotFound } from '../../domain/problems.ts';
import { fromTypeId, toTypeId } from '../../domain/typeid.ts';
import type { WebhookRow, WebhookSettings } from '../../domain/webhook.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { EventSeverityEnum, EventTypeEnum } from '../event/type.ts';
import { parseInput, parseRoom, text } from '../input.ts';
import { requireOperator } from '../operator.ts';
import { asWebhook, WebhookType } from './type.ts';

const target = z.object({
  url: text(1, 2_000)
    .refine(
      (url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol),
      'must be an http or https URL',
    )
    .refine(
      (url) => !URL.canParse(url) || (new URL(url).username === '' && new URL(url).password === ''),
      'must not hold a user name or a password',
    ),
  description: text(0, 500).nullish(),
});

const CreateWebhookInput = builder.inputType('CreateWebhookInput', {
  fields: (t) => ({
    url: t.string({
      required: true,
      description: 'http or https; addresses of private networks are refused when it is called.',
    }),
    description: t.string(),
    types: t.field({
      type: [EventTypeEnum],
      required: true,
      defaultValue: [],
      description: 'Empty means every type.',
    }),
    minSeverity: t.field({ type: EventSeverityEnum, required: true, defaultValue: 'INFO' }),
    room: t.string({ description: 'Only what concerns this room.' }),
  }),
});

const UpdateWebhookInput = builder.inputType('UpdateWebhookInput', {
  description: 'What is left out stays as it is.',
  fields: (t) => ({
    id: t.id({ required: true }),
    url: t.string(),
    description: t.string(),
    types: t.field({ type: [EventTypeEnum] }),
    minSeverity: t.field({ type: EventSeverityEnum }),
    room: t.string({ description: 'Only what concerns this room; null for every room.' }),
    enabled: t.boolean(),
    rotateSecret: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Give it a new secret; the old one is not used from then on.',
    }),
  }),
});

interface Saved {
  webhook: WebhookRow;
  secret: string | null;
}

const CreateWebhookSuccess = builder.objectRef<Saved>('CreateWebhookSuccess').implement({
  fields: (t) => ({
    webhook: t.field({ type: WebhookType, resolve: ({ webhook }) => asWebhook(webhook) }),
    secret: t.string({
      description:
        'The secret that signs every delivery, as Standard Webhooks specifies. It is shown only once.',
      resolve: ({ secret }) => secret as string,
    }),
  }),
});
const UpdateWebhookSuccess = builder.objectRef<Saved>('UpdateWebhookSuccess').implement({
  fields: (t) => ({
    webhook: t.field({ type: WebhookType, resolve: ({ webhook }) => asWebhook(webhook) }),
    secret: t.exposeString('secret', {
      nullable: true,
      description: 'The new secret, if one was asked for.',
    }),
  }),
});
const DeleteWebhookSuccess = builder.objectRef<{ id: string }>('DeleteWebhookSuccess').implement({
  fields: (t) => ({ deletedId: t.exposeID('id') }),
});
const TestWebhookSuccess = builder.objectRef<{ id: string }>('TestWebhookSuccess').implement({
  fields: (t) => ({
    deliveryId: t.exposeID('id', {
      description: 'The delivery is queued like any other: look at webhookDeliveries for what becomes of it.',
    }),
  }),
});

const CreateWebhookResult = builder.errorUnion('CreateWebhookResult', {
  types: [CreateWebhookSuccess, InvalidInput, InvalidRoomId, Forbidden],
  resolveType: () => CreateWebhookSuccess,
});
const UpdateWebhookResult = builder.errorUnion('UpdateWebhookResult', {
  types: [UpdateWebhookSuccess, WebhookNotFound, InvalidInput, InvalidRoomId, Forbidden],
  resolveType: () => UpdateWebhookSuccess,
});
const DeleteWebhookResult = builder.errorUnion('DeleteWebhookResult', {
  types: [DeleteWebhookSuccess, WebhookNotFound, Forbidden],
  resolveType: () => DeleteWebhookSuccess,
});
const TestWebhookResult = builder.errorUnion('TestWebhookResult', {
  types: [TestWebhookSuccess, WebhookNotFound, Forbidden],
  resolveType: () => TestWebhookSuccess,
});

builder.mutationField('createWebhook', (t) =>
  t.field({
    type: CreateWebhookResult,
    description:
      'Creates a webhook: events from now on are sent to its URL by signed HTTP requests. For an ADMIN.',
    args: { input: t.arg({ type: CreateWebhookInput, required: true }) },
    resolve: (_root, { input }, context): Promise<Saved> => {
      requireOperator(context);
      const { url, description } = parseInput(target, input);
      const { types, minSeverity, room } = input;
      return context.services.webhooks.create(
        {
          ...{ url, minSeverity, description: description ?? null, enabled: true },
          types: [...new Set(types)],
          room: room == null ? null : parseRoom(room),
        },
        viewerOf(context).id,
      );
    },
  }),
);

builder.mutationField('updateWebhook', (t) =>
  t.field({
    type: UpdateWebhookResult,
    description: 'Changes a webhook. Deliveries that are queued already go to its new URL. For an ADMIN.',
    args: { input: t.arg({ type: UpdateWebhookInput, required: true }) },
    resolve: async (_root, { input }, context): Promise<Saved> => {
      const present = await load(context, input.id);
      const settings = merge(present, input);
      const { webhooks } = context.services;
      const saved = await webhooks.update(present.id, settings, input.rotateSecret, viewerOf(context).id);
      if (!saved) throw new WebhookNotFound(input.id);
      return saved;
    },
  }),
);

builder.mutationField('deleteWebhook', (t) =>
  t.field({
    type: DeleteWebhookResult,
    description: 'Deletes a webhook with the record of its deliveries. For an ADMIN.',
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, context) => {
      const { id: uuid } = await load(context, id);
      if (!(await context.services.webhooks.delete(uuid, viewerOf(context).id)))
        throw new WebhookNotFound(id);
      return { id };
    },
  }),
);

builder.mutationField('testWebhook', (t) =>
  t.field({
    type: TestWebhookResult,
    description: 'Queues a delivery of type TEST, which is sent like any other. For an ADMIN.',
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, context) => {
      const { id: uuid } = await load(context, id);
      const delivery = await context.services.webhooks.test(uuid, viewerOf(context).id);
      if (delivery === null) throw new WebhookNotFound(id);
      return { id: toTypeId('delivery', delivery) };
    },
  }),
);

/** @throws Forbidden, WebhookNotFound */
async function load(context: Context, id: string): Promise<WebhookRow> {
  requireOperator(context);
  const uuid = fromTypeId('webhook', id);
  const webhook = uuid === null ? null : await context.services.webhooks.find(uuid);
  if (!webhook) throw new WebhookNotFound(id);
  return webhook;
}

function merge(present: WebhookRow, input: typeof UpdateWebhookInput.$inferInput): WebhookSettings {
  const given = { url: input.url ?? present.url, description: input.description };
  const { url, description } = parseInput(target, given);
  return {
    url,
    description: description === undefined ? present.description : description,
    types: input.types ? [...new Set(input.types)] : present.types,
    minSeverity: input.minSeverity ?? present.minSeverity,
    room: input.room === undefined ? present.room : input.room === null ? null : parseRoom(input.room),
    enabled: input.enabled ?? present.enabled,
  };
}
