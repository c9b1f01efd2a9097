/** createApiKey: gives out a credential, and shows its secret once. */
import { z } from 'zod';
import { canManageKeys, EVERY_ROOM } from '../../domain/access.ts';
import { newApiKeyToken } from '../../domain/api-key.ts';
import { Forbidden, InvalidInput, InvalidRoomId } from '../../domain/problems.ts';
import { type Tiers, UNLIMITED } from '../../domain/tiers.ts';
import type { ApiKeyRow } from '../../store/keys/api-keys.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { RoleEnum } from '../enums.ts';
import { parseInput, parseRoom, text } from '../input.ts';
import { ApiKeyType, asApiKey } from './type.ts';

const MAX_ROOMS = 1_000;

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  description: 'What a new API key may do, and for how long.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'For people: 1 to 200 characters, not unique.' }),
    role: t.field({ type: RoleEnum, required: true, description: 'What its holder may do.' }),
    rooms: t.stringList({
      required: true,
      defaultValue: [],
      description: `Its rooms, ${MAX_ROOMS.toLocaleString('en')} at most; "*" for all. An ADMIN belongs to all rooms, others need at least one.`,
    }),
    tier: t.string({
      description:
        'Its rate limit, one of those that the server has, or "unlimited". Left out: none for ADMIN and WORKER, the default tier for others.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When it expires: a time to come. Left out: never.',
    }),
  }),
});

const settings = z.object({
  name: text(1, 200),
  rooms: z.array(z.string()).max(MAX_ROOMS),
  tier: z.string().nullish(),
  expiresAt: z
    .date()
    .refine((at) => at.getTime() > Date.now(), 'must be a time to come')
    .nullish(),
});

const CreateApiKeySuccess = builder
  .objectRef<{ apiKey: ApiKeyRow; secret: string }>('CreateApiKeySuccess')
  .implement({
    description: 'The key with its secret, which is shown only once.',
    fields: (t) => ({
      apiKey: t.field({ type: ApiKeyType, resolve: ({ apiKey }) => asApiKey(apiKey) }),
      secret: t.exposeString('secret', {
        description:
          'The whole token, to be sent as Authorization: Bearer …. It is shown now and never again: the server keeps only a digest.',
      }),
    }),
  });

const CreateApiKeyResult = builder.errorUnion('CreateApiKeyResult', {
  types: [CreateApiKeySuccess, InvalidInput, InvalidRoomId, Forbidden],
  resolveType: () => CreateApiKeySuccess,
});

builder.mutationField('createApiKey', (t) =>
  t.field({
    type: CreateApiKeyResult,
    description: 'Creates an API key. For ADMIN alone.',
    args: { input: t.arg({ type: CreateApiKeyInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const viewer = viewerOf(context);
      if (!canManageKeys(viewer)) throw new Forbidden('Only an ADMIN can create API keys.');
      const { name, rooms, tier, expiresAt } = parseInput(settings, input);
      if (rooms.length === 0 && input.role !== 'ADMIN') {
        throw new InvalidInput([
          {
            path: ['rooms'],
            message: `must name a room, or "*" for all: without one a ${input.role} can do nothing`,
          },
        ]);
      }
      for (const room of rooms) if (room !== EVERY_ROOM) parseRoom(room);
      const { store, tiers } = context.services;
      checkTier(tier, tiers);
      const { token, prefix, digest } = newApiKeyToken();
      const apiKey = await store.createApiKey({
        prefix,
        digest,
        name,
        role: input.role,
        rooms: [...new Set(rooms)],
        tier: tier ?? null,
        createdBy: viewer.id,
        expiresAt: expiresAt ?? null,
      });
      return { apiKey, secret: token };
    },
  }),
);

/** @throws InvalidInput for a tier that there is not */
function checkTier(tier: string | null | undefined, tiers: Tiers): void {
  if (tier == null || tier === UNLIMITED || Object.hasOwn(tiers, tier)) return;
  const known = [...Object.keys(tiers), UNLIMITED].join(', ');
  throw new InvalidInput([{ path: ['tier'], message: `is no tier of this server; use one of ${known}` }]);
}
