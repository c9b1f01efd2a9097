/** revokeApiKey: ends a credential, and everything that it has opened. */
import { canManageKeys } from '../../domain/access.ts';
import { ApiKeyNotFound, Forbidden } from '../../domain/problems.ts';
import { fromTypeId } from '../../domain/typeid.ts';
import type { ApiKeyRow } from '../../store/keys/api-keys.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { ApiKeyType, asApiKey } from './type.ts';

const RevokeApiKeySuccess = builder.objectRef<{ apiKey: ApiKeyRow }>('RevokeApiKeySuccess').implement({
  description: 'The key, which is revoked.',
  fields: (t) => ({ apiKey: t.field({ type: ApiKeyType, resolve: ({ apiKey }) => asApiKey(apiKey) }) }),
});

const RevokeApiKeyResult = builder.errorUnion('RevokeApiKeyResult', {
  types: [RevokeApiKeySuccess, ApiKeyNotFound, Forbidden],
  resolveType: () => RevokeApiKeySuccess,
});

builder.mutationField('revokeApiKey', (t) =>
  t.field({
    type: RevokeApiKeyResult,
    description:
      'Revokes an API key: every server refuses it, and closes its sockets and streams, at once. Repeating it changes nothing. For ADMIN alone.',
    args: { id: t.arg.id({ required: true, description: 'ID of the key to revoke.' }) },
    resolve: async (_root, { id }, context) => {
      const viewer = viewerOf(context);
      if (!canManageKeys(viewer)) throw new Forbidden('Only an ADMIN can revoke API keys.');
      const { store, announceRevokedKey } = context.services;
      const uuid = fromTypeId('key', id);
      const apiKey = uuid && (await store.revokeApiKey(uuid, viewer.id));
      if (!apiKey) throw new ApiKeyNotFound(id);
      announceRevokedKey(apiKey.id);
      return { apiKey };
    },
  }),
);
