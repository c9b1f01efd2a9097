/** The part of the store that is about keys: those of callers, and the server's own. */
import { createBatcher } from '../database/batcher.ts';
import type { Database } from '../database/database.ts';
import { createApiKey, findApiKeys, findRevokedApiKeys, revokeApiKey, touchApiKeys } from './api-keys.ts';
import { readServerKey } from './server-key.ts';

export function keyVerbs(database: Database) {
  return {
    createApiKey: (key: Parameters<typeof createApiKey>[1]) => createApiKey(database, key),
    /** The API key of a prefix, batched with those that are looked for at the same time. */
    findApiKey: createBatcher({ run: (prefixes: readonly string[]) => findApiKeys(database, prefixes) }),
    findRevokedApiKeys: (ids: readonly string[]) => findRevokedApiKeys(database, ids),
    revokeApiKey: (id: string, revokedBy: string) => revokeApiKey(database, id, revokedBy),
    /** The secret that the servers of this database share. */
    readServerKey: () => readServerKey(database),
    touchApiKeys: (uses: Parameters<typeof touchApiKeys>[1]) => touchApiKeys(database, uses),
  };
}
