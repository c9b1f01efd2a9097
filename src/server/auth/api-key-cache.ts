/**
 * API keys as this server knows them: who holds which, without asking the database at every request.
 *
 * A key that was verified is taken as it is for seconds. A revocation comes over the transport and is effective at
 * once. Should it get lost, one statement on a slow beat asks about every key that is in use here, so that it takes
 * seconds at most; and when the transport was interrupted nothing is taken as it was. What is refused is remembered as
 * well, so that a client that repeats itself, or garbage, does not reach the database every time.
 */
import { LRUCache } from 'lru-cache';
import type { Role, Viewer } from '../../domain/access.ts';
import { prefixOfApiKey, sameDigest } from '../../domain/api-key.ts';
import { toTypeId } from '../../domain/typeid.ts';
import type { CredentialExpiry } from './credential-expiry.ts';

/** What is kept of a key. */
export interface StoredKey {
  /** UUID. */
  id: string;
  digest: string;
  role: Role;
  rooms: string[];
  tier: string | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

/** Where keys are kept. */
export interface KeyStore {
  findApiKey(prefix: string): Promise<StoredKey | null>;
  /** Those of the keys that are revoked. */
  findRevokedApiKeys(ids: readonly string[]): Promise<string[]>;
  touchApiKeys(uses: readonly { id: string; at: Date }[]): Promise<unknown>;
}

/** `revoked` is said only to whoever has the whole key. */
export type KeyVerdict = Viewer | 'unknown' | 'revoked';

export interface ApiKeyCache {
  /**
   * Who holds the key; whether it has expired is for the caller to see.
   * Rejects when the database cannot be asked.
   */
  verify(token: string, digest: string): Promise<KeyVerdict>;
  /** Whether the key, which something was made by, is revoked. Rejects when the database cannot be asked. */
  isRevoked(keyId: string): Promise<boolean>;
  onRevoked(keyId: string): void;
  /** Revocations may have been missed. */
  onInterruption(): void;
  /** Stops the beat, and writes down when keys were last used. */
  close(): Promise<void>;
}

export interface ApiKeyCacheOptions {
  store: KeyStore;
  credentialExpiry: CredentialExpiry;
  /** Called when a beat has failed; the next one tries again. */
  onBeatFailed: (error: unknown) => void;
  /** How often is asked about keys that are in use (2 s). */
  beatMs?: number;
  /** How often is written down when keys were last used (60 s). */
  touchMs?: number;
}

const MAX_KEYS = 10_000;
// A bound for a database that answers neither well nor badly.
const VERIFIED_MS = 15_000;
const REFUSED_MS = 60_000;

export function createApiKeyCache(options: ApiKeyCacheOptions): ApiKeyCache {
  const { store, credentialExpiry, onBeatFailed, beatMs = 2_000, touchMs = 60_000 } = options;
  const verified = new LRUCache<string, Viewer & { keyId: string }>({ max: MAX_KEYS, ttl: VERIFIED_MS });
  const refused = new LRUCache<string, 'unknown' | 'revoked'>({ max: MAX_KEYS, ttl: REFUSED_MS });
  /** Keys that were asked about by their id, and were not revoked. */
  const standing = new LRUCache<string, true>({ max: MAX_KEYS, ttl: VERIFIED_MS });
  const uses = createKeyUses(store, credentialExpiry);

  function onRevoked(keyId: string): void {
    credentialExpiry.endKey(keyId);
    standing.delete(keyId);
    for (const [digest, viewer] of verified.entries()) {
      if (viewer.keyId === keyId) verified.delete(digest);
    }
  }

  async function beat(): Promise<void> {
    try {
      const keyIds = new Set([
        ...credentialExpiry.openKeys(),
        ...Array.from(verified.values(), ({ keyId }) => keyId),
      ]);
      if (keyIds.size > 0) for (const keyId of await store.findRevokedApiKeys([...keyIds])) onRevoked(keyId);
      if (uses.ageMs() >= touchMs) await uses.write();
    } catch (error) {
      // Who cannot be asked about is asked for again.
      verified.clear();
      standing.clear();
      onBeatFailed(error);
    }
  }

  const beats = createBeats(beat, beatMs);
  return {
    async verify(token, digest) {
      const known = verified.get(digest);
      if (known) return uses.noted(known);
      const prefix = prefixOfApiKey(token);
      if (prefix === null) return 'unknown';
      const refusal = refused.get(digest);
      if (refusal) return refusal;
      const key = await store.findApiKey(prefix);
      // Revoked, perhaps, while it was read.
      const isRevoked = key !== null && (key.revokedAt !== null || credentialExpiry.isEnded(key.id));
      if (!key || !sameDigest(key.digest, digest) || isRevoked) {
        const verdict = key && sameDigest(key.digest, digest) ? 'revoked' : 'unknown';
        refused.set(digest, verdict);
        return verdict;
      }
      const viewer = toViewer(key);
      verified.set(digest, viewer);
      return uses.noted(viewer);
    },
    async isRevoked(keyId) {
      if (credentialExpiry.isEnded(keyId)) return true;
      if (standing.has(keyId)) return false;
      const isRevoked = (await store.findRevokedApiKeys([keyId])).length > 0;
      if (!isRevoked) standing.set(keyId, true);
      return isRevoked || credentialExpiry.isEnded(keyId);
    },
    onRevoked,
    onInterruption() {
      verified.clear();
      standing.clear();
      beats.now();
    },
    async close() {
      await beats.close();
      await uses.write().catch(onBeatFailed);
    },
  };
}

interface KeyUses {
  /** Notes that the key of the viewer is used now. @returns the viewer */
  noted<V extends { keyId: string }>(viewer: V): V;
  /** Milliseconds since uses were written last. */
  ageMs(): number;
  write(): Promise<void>;
}

/** When keys were last used, until it is written to the database. */
function createKeyUses(store: KeyStore, credentialExpiry: CredentialExpiry): KeyUses {
  const lastUses = new Map<string, Date>();
  let writtenAt = performance.now();
  return {
    noted(viewer) {
      lastUses.set(viewer.keyId, new Date());
      return viewer;
    },
    ageMs: () => performance.now() - writtenAt,
    async write() {
      writtenAt = performance.now();
      // What is open is in use.
      for (const keyId of credentialExpiry.openKeys()) lastUses.set(keyId, new Date());
      const uses = Array.from(lastUses, ([id, at]) => ({ id, at }));
      lastUses.clear();
      if (uses.length > 0) await store.touchApiKeys(uses);
    },
  };
}

interface Beats {
  /** Beats now, after a beat that is under way; then again after the interval. */
  now(): void;
  /** Waits for a beat that is under way; there is none after it. */
  close(): Promise<void>;
}

function createBeats(beat: () => Promise<void>, everyMs: number): Beats {
  let closed = false;
  let underWay: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;

  function schedule(): void {
    timer = setTimeout(now, everyMs).unref();
  }

  function now(): void {
    clearTimeout(timer);
    underWay = underWay.then(beat).then(() => {
      clearTimeout(timer);
      if (!closed) schedule();
    });
  }

  schedule();
  return {
    now,
    async close() {
      closed = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}

function toViewer({ id, role, rooms, tier, expiresAt }: StoredKey): Viewer & { keyId: string } {
  return { id: toTypeId('key', id), role, rooms, expiresAt, tier: tier ?? undefined, keyId: id };
}
