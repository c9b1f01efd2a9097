// Whether a server answers in its own protocol: an open port alone may be anything.
const WITHIN_MS = 3_000;

/**
 * Resolves when a PostgreSQL that the tests can use answers; rejects with the reason why not.
 * @param {string} url
 */
export async function answersPostgres(url) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: WITHIN_MS });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query(
      `SELECT current_setting('server_version_num')::int AS version,
              (SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user) AS may_create`,
    );
    if (rows[0].version < 150000) throw new Error('it is older than PostgreSQL 15');
    if (!rows[0].may_create) throw new Error('its user may not create databases');
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * Resolves when a Redis answers; rejects with the reason why not.
 * @param {string} url
 */
export async function answersRedis(url) {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: null, connectTimeout: WITHIN_MS });
  let reason;
  redis.on('error', (error) => {
    reason = error;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    throw reason ?? error;
  } finally {
    redis.disconnect();
  }
}

/** What went wrong, in a few words. @param {unknown} error */
export function reasonOf(error) {
  const cause = error instanceof AggregateError ? error.errors[0] : error;
  return cause?.message || cause?.code || String(cause);
}
