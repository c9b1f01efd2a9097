/** What the key ring asks the database, and when: counted on a real store. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { digestOf, newApiKeyToken } from '../../../src/domain/api-key.ts';
import {
  type ApiKeyCache,
  createApiKeyCache,
  type KeyStore,
} from '../../../src/server/auth/api-key-cache.ts';
import { createCredentialExpiry } from '../../../src/server/auth/credential-expiry.ts';
import { createStore, type Store } from '../../../src/store/store.ts';
import { availableDatabases, createTestDatabase, type TestDatabase } from '../../support/database.ts';

describe.each(availableDatabases())('the key ring on %s', (kind) => {
  let database: TestDatabase;
  let store: Store;
  const rings: ApiKeyCache[] = [];

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    store = createStore(database.db, { onCommit: () => {}, workerTimeoutSeconds: 60 });
  });
  afterAll(async () => {
    for (const ring of rings) await ring.close();
    await database.close();
  });

  async function newKey() {
    const { token, prefix, digest } = newApiKeyToken();
    const row = await store.createApiKey({
      ...{
        prefix,
        digest,
        name: 'k',
        role: 'MEMBER',
        rooms: ['a'],
        tier: null,
        createdBy: '@admin',
        expiresAt: null,
      },
    });
    return { token, digest, id: row.id };
  }

  /** A ring with a beat of its own, and what it asks. */
  function newRing({ beatMs = 3_600_000, touchMs = 3_600_000 } = {}) {
    const asked = { finds: 0, beats: 0, touches: [] as (readonly { id: string; at: Date }[])[] };
    const counting: KeyStore = {
      findApiKey(prefix) {
        asked.finds++;
        return store.findApiKey(prefix);
      },
      findRevokedApiKeys(ids) {
        asked.beats++;
        return store.findRevokedApiKeys(ids);
      },
      touchApiKeys(uses) {
        asked.touches.push(uses);
        return store.touchApiKeys(uses);
      },
    };
    const credentialExpiry = createCredentialExpiry();
    const ring = createApiKeyCache({
      ...{ store: counting, credentialExpiry, beatMs, touchMs },
      onBeatFailed: (error) => {
        throw error;
      },
    });
    rings.push(ring);
    return {
      ring,
      credentialExpiry,
      asked,
      verify: ({ token, digest }: { token: string; digest: string }) => ring.verify(token, digest),
    };
  }

  it('reads a key once, however often it is used', async () => {
    const { verify, asked } = newRing();
    const key = await newKey();
    for (let time = 0; time < 5; time++)
      expect(await verify(key)).toMatchObject({ keyId: key.id, role: 'MEMBER' });
    expect(asked.finds).toBe(1);
  });

  it('reads what is no key of ours once, and what cannot be one never', async () => {
    const { verify, asked } = newRing();
    const { token, digest } = newApiKeyToken();
    for (let time = 0; time < 5; time++) expect(await verify({ token, digest })).toBe('unknown');
    expect(asked.finds).toBe(1);
    for (const garbage of ['sb_', `${token}x`, `${token.slice(0, -1)}!`]) {
      expect(await verify({ token: garbage, digest: digestOf(garbage) })).toBe('unknown');
    }
    expect(asked.finds).toBe(1);
  });

  it('refuses a key from the moment that it hears of its revocation', async () => {
    const { verify, ring } = newRing();
    const key = await newKey();
    await verify(key);
    await store.revokeApiKey(key.id, 'admin');
    ring.onRevoked(key.id);
    expect(await verify(key)).toBe('revoked');
    expect(await verify(key)).toBe('revoked');
  });

  it('does not take a key whose revocation it hears of while it reads it', async () => {
    const { verify, ring } = newRing();
    const key = await newKey();
    const reading = verify(key);
    ring.onRevoked(key.id);
    expect(await reading).toBe('revoked');
  });

  it('takes nothing as it was after an interruption, and asks at once about what is open', async () => {
    const { verify, ring, credentialExpiry, asked } = newRing();
    const [used, open] = [await newKey(), await newKey()];
    await verify(used);
    const viewer = await verify(open);
    const ended = new Promise((resolve) => {
      if (typeof viewer === 'object') credentialExpiry.watch(viewer, resolve);
    });
    await store.revokeApiKey(used.id, 'admin');
    await store.revokeApiKey(open.id, 'admin');
    ring.onInterruption();
    expect(await verify(used)).toBe('revoked');
    expect(await ended).toBe('The API key was revoked');
    expect(asked).toMatchObject({ finds: 3, beats: 1 });
  });

  it('finds a revocation that nobody told on its beat, by one statement for all keys', async () => {
    const { verify, asked } = newRing({ beatMs: 5 });
    const keys = await Promise.all(Array.from({ length: 10 }, newKey));
    for (const key of keys) await verify(key);
    await store.revokeApiKey(keys[3]?.id as string, 'admin');
    await vi.waitFor(async () => expect(await verify(keys[3] as (typeof keys)[0])).toBe('revoked'), 10_000);
    expect(await verify(keys[4] as (typeof keys)[0])).toMatchObject({ keyId: keys[4]?.id });
    expect(asked.finds).toBeLessThanOrEqual(11);
  });

  it('asks nothing while no key is in use', async () => {
    const { ring, asked } = newRing();
    ring.onInterruption();
    await ring.close();
    expect(asked).toEqual({ finds: 0, beats: 0, touches: [] });
  });

  it('writes down when keys were last used by one statement, however often they were', async () => {
    const { verify, ring, asked } = newRing();
    const keys = await Promise.all(Array.from({ length: 3 }, newKey));
    for (let time = 0; time < 5; time++) for (const key of keys) await verify(key);
    expect(asked.touches).toEqual([]);
    await ring.close();
    expect(asked.touches).toHaveLength(1);
    expect(asked.touches[0]?.map(({ id }) => id).sort()).toEqual(keys.map(({ id }) => id).sort());
    const rows = await database.db.query<{ at: Date | null }>(
      { name: 'last_uses', text: 'SELECT last_used_at AS at FROM api_key WHERE id = ANY($1::uuid[])' },
      [keys.map(({ id }) => id)],
    );
    for (const { at } of rows) expect(at).toEqual(expect.any(Date));
    // What another server has seen later stays.
    const [first] = keys;
    await store.touchApiKeys([{ id: first?.id as string, at: new Date(0) }]);
    const [after] = await database.db.query<{ at: Date }>(
      { name: 'last_use', text: 'SELECT last_used_at AS at FROM api_key WHERE id = $1::uuid' },
      [first?.id],
    );
    expect(after?.at.getTime()).toBeGreaterThan(0);
  });
});
