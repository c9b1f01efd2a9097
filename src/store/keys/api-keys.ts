/** API keys: create, find by prefix, revoke, and when each was last used. */
import type { Role } from '../../domain/access.ts';
import { newUuid } from '../../domain/typeid.ts';
import { insertAuditEntries } from '../audit/record-entry.ts';
import type { DatabaseSession } from '../database/database.ts';
import { queryOne } from '../database/query-one.ts';
import { statement } from '../database/statement.ts';

export interface ApiKeyRow {
  /** UUIDv7. */
  id: string;
  prefix: string;
  name: string;
  role: Role;
  /** Room ids, or `*` for all. */
  rooms: string[];
  /** The rate limit; null when none is named. */
  tier: string | null;
  createdBy: string;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  revokedBy: string | null;
  lastUsedAt: Date | null;
}

export interface NewApiKey
  extends Pick<ApiKeyRow, 'prefix' | 'name' | 'role' | 'rooms' | 'tier' | 'createdBy' | 'expiresAt'> {
  /** SHA-256 of the token, in hexadecimal digits. */
  digest: string;
}

export async function createApiKey(session: DatabaseSession, key: NewApiKey): Promise<ApiKeyRow> {
  const { prefix, digest, name, role, rooms, tier, createdBy, expiresAt } = key;
  const values = [newUuid(), prefix, digest, name, role, rooms, tier, createdBy, expiresAt];
  return queryOne<ApiKeyRow>(session, CREATE, values);
}

/** The key of each prefix with the digest of its token, also a revoked or expired one; null where there is none. */
export async function findApiKeys(
  session: DatabaseSession,
  prefixes: readonly string[],
): Promise<((ApiKeyRow & { digest: string }) | null)[]> {
  const rows = await session.query<ApiKeyRow & { digest: string }>(FIND, [prefixes]);
  const byPrefix = new Map(rows.map((row) => [row.prefix, row]));
  return prefixes.map((prefix) => byPrefix.get(prefix) ?? null);
}

/** Those of the keys that are revoked, or are not there any more. */
export async function findRevokedApiKeys(
  session: DatabaseSession,
  ids: readonly string[],
): Promise<string[]> {
  const rows = await session.query<{ id: string }>(FIND_REVOKED, [ids]);
  return rows.map(({ id }) => id);
}

/** Revokes a key; one that is revoked already stays as it is. @returns the key, or null when there is none */
export async function revokeApiKey(
  session: DatabaseSession,
  id: string,
  revokedBy: string,
): Promise<ApiKeyRow | null> {
  const [row] = await session.query<ApiKeyRow>(REVOKE, [id, revokedBy]);
  return row ?? null;
}

/** Notes when keys were last used, by one statement; what another server has seen later stays. */
export async function touchApiKeys(
  session: DatabaseSession,
  uses: readonly { id: string; at: Date }[],
): Promise<void> {
  await session.query(TOUCH, [uses.map(({ id }) => id), uses.map(({ at }) => at)]);
}

const COLUMNS = `id, prefix, name, role, rooms, tier, created_by AS "createdBy", created_at AS "createdAt",
  expires_at AS "expiresAt", revoked_at AS "revokedAt", revoked_by AS "revokedBy", last_used_at AS "lastUsedAt"`;

const CREATE = statement(
  'create_api_key',
  `WITH created AS (
    INSERT INTO api_key (id, prefix, digest, name, role, rooms, tier, created_by, expires_at)
    VALUES ($1::uuid, $2, $3, $4, $5, $6::text[], $7, $8, $9::timestamptz) RETURNING *
  ), recorded AS (
    ${insertAuditEntries({
      type: 'API_KEY_CREATED',
      severity: 'INFO',
      actor: 'created.created_by',
      subjectKind: 'key',
      subjectId: 'created.id',
      payload: "jsonb_build_object('name', created.name, 'role', created.role, 'rooms', created.rooms)",
      from: 'created',
    })}
  )
  SELECT ${COLUMNS} FROM created`,
);

const FIND = statement(
  'find_api_keys',
  `SELECT ${COLUMNS}, digest FROM api_key WHERE prefix = ANY($1::text[])`,
);

const FIND_REVOKED = statement(
  'find_revoked_api_keys',
  `SELECT asked.id FROM unnest($1::uuid[]) AS asked (id)
  WHERE NOT EXISTS (SELECT 1 FROM api_key WHERE api_key.id = asked.id AND api_key.revoked_at IS NULL)`,
);

const REVOKE = statement(
  'revoke_api_key',
  `WITH before AS (
    SELECT id, revoked_at FROM api_key WHERE id = $1::uuid FOR NO KEY UPDATE
  ), revoked AS (
    UPDATE api_key SET revoked_at = COALESCE(api_key.revoked_at, now()), revoked_by = COALESCE(revoked_by, $2)
    FROM before WHERE api_key.id = before.id
    RETURNING api_key.*, before.revoked_at IS NULL AS is_new
  ), recorded AS (
    ${insertAuditEntries({
      type: 'API_KEY_REVOKED',
      severity: 'WARNING',
      actor: 'revoked.revoked_by',
      subjectKind: 'key',
      subjectId: 'revoked.id',
      payload: "jsonb_build_object('name', revoked.name, 'role', revoked.role)",
      from: 'revoked WHERE revoked.is_new',
    })}
  )
  SELECT ${COLUMNS} FROM revoked`,
);

// Locked in one order: two servers that note the same keys must not wait for each other.
const TOUCH = statement(
  'touch_api_keys',
  `UPDATE api_key SET last_used_at = later.at FROM (
    SELECT api_key.id, used.at FROM unnest($1::uuid[], $2::timestamptz[]) AS used (id, at)
    JOIN api_key ON api_key.id = used.id AND (api_key.last_used_at IS NULL OR api_key.last_used_at < used.at)
    ORDER BY api_key.id FOR NO KEY UPDATE OF api_key
  ) AS later WHERE api_key.id = later.id`,
);
