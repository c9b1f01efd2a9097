/** ApiKey: a credential that an ADMIN has given out. Its secret is nowhere. */
import { canManageKeys } from '../../domain/access.ts';
import { API_KEY_START } from '../../domain/api-key.ts';
import type { ApiKey as PrismaApiKey } from '../../generated/prisma/client.ts';
import type { ApiKeyRow } from '../../store/keys/api-keys.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { RoleEnum } from '../enums.ts';

export const API_KEY_STATUSES = ['ACTIVE', 'EXPIRED', 'REVOKED'] as const;

export const ApiKeyStatusEnum = builder.enumType('ApiKeyStatus', {
  description: 'Whether an API key can be used.',
  values: {
    ACTIVE: { value: 'ACTIVE', description: 'It can be used.' },
    EXPIRED: { value: 'EXPIRED', description: 'Its `expiresAt` has passed.' },
    REVOKED: { value: 'REVOKED', description: 'It was revoked.' },
  } as const,
});

export const ApiKeyType = builder.prismaNode('ApiKey', {
  description:
    'A credential that an ADMIN has created. Its user acts under the id of the key, with its role and rooms.',
  id: { field: 'id' },
  authScopes: (_key, context) => canManageKeys(viewerOf(context)),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'For people, not unique.' }),
    prefix: t.string({
      description: 'How its token begins: sb_ and eight characters, which are no secret.',
      resolve: ({ prefix }) => `${API_KEY_START}${prefix}`,
    }),
    role: t.field({ type: RoleEnum, resolve: (key) => (key as unknown as ApiKeyRow).role }),
    rooms: t.exposeStringList('rooms', { description: '"*" for all.' }),
    tier: t.exposeString('tier', {
      nullable: true,
      description:
        'Name of its rate limit; null for that of its role: none for ADMIN and WORKER, the default tier for others.',
    }),
    status: t.field({ type: ApiKeyStatusEnum, resolve: statusOf }),
    createdBy: t.exposeString('createdBy', { description: 'The identity that created it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it expires; null for never.',
    }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true }),
    revokedBy: t.exposeString('revokedBy', { nullable: true, description: 'The identity that revoked it.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, to the minute.',
    }),
  }),
});

/** The row of a hand-written statement has the shape that Prisma reads. */
export function asApiKey(row: ApiKeyRow): PrismaApiKey {
  return row as unknown as PrismaApiKey;
}

function statusOf({ revokedAt, expiresAt }: PrismaApiKey): (typeof API_KEY_STATUSES)[number] {
  if (revokedAt) return 'REVOKED';
  return expiresAt && expiresAt.getTime() <= Date.now() ? 'EXPIRED' : 'ACTIVE';
}
