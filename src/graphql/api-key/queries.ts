/** The query apiKeys. */
import { canManageKeys } from '../../domain/access.ts';
import { Forbidden } from '../../domain/problems.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { ApiKeyRow } from '../../store/keys/api-keys.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { pageComplexity, resolveKeyset } from '../paging.ts';
import { type API_KEY_STATUSES, ApiKeyStatusEnum, ApiKeyType, asApiKey } from './type.ts';

builder.queryField('apiKeys', (t) =>
  t.connection(
    {
      type: ApiKeyType,
      description: 'The API keys, newest first. For ADMIN alone.',
      args: { status: t.arg({ type: ApiKeyStatusEnum, description: 'Left out: all.' }) },
      complexity: pageComplexity,
      resolve: (_root, { status, ...page }, context) => {
        if (!canManageKeys(viewerOf(context))) throw new Forbidden('Only an ADMIN can list API keys.');
        return resolveKeyset('key', 'desc', page, (keyset) =>
          context.services.prisma.apiKey
            .findMany({
              ...keyset,
              omit: { digest: true },
              where: { AND: [keyset.where, status ? WITH_STATUS[status](new Date()) : {}] },
            })
            .then((keys) => keys.map((key) => asApiKey(key as ApiKeyRow))),
        );
      },
    },
    { name: 'ApiKeyConnection' },
    { name: 'ApiKeyEdge' },
  ),
);

const WITH_STATUS: Record<(typeof API_KEY_STATUSES)[number], (now: Date) => Prisma.ApiKeyWhereInput> = {
  ACTIVE: (now) => ({ revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] }),
  EXPIRED: (now) => ({ revokedAt: null, expiresAt: { lte: now } }),
  REVOKED: () => ({ revokedAt: { not: null } }),
};
