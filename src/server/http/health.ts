/**
 * Probes: live says that the process answers; ready, that it can do its work. Both are for everybody, so they tell
 * nothing but states.
 */

export interface Readiness {
  status: 'ready' | 'unavailable';
  database: 'ok' | 'unavailable';
  /**
   * `missing`: the database lacks what this server needs. `newer`: another server has brought it up to a later version;
   * this one goes on until it is updated. `unknown`: the database does not answer.
   */
  migrations: 'ok' | 'missing' | 'newer' | 'unknown';
  /** `degraded`: streams go on from the log, late by a second at most. */
  transport: 'ok' | 'degraded';
  /** `degraded`: this server counts rate limits and failed sign-ins for itself. */
  counters: 'ok' | 'degraded';
}

/** What readiness depends on. */
export interface Probes {
  /** Rejects when the database does not answer. */
  checkMigrations: () => Promise<'ok' | 'missing' | 'newer'>;
  transportIsHealthy: () => boolean;
  countersAreHealthy: () => boolean;
}

const TIMEOUT_MS = 2_000;

/** Ready while the database answers within two seconds and has all migrations; the rest only degrades. */
export async function readiness({
  checkMigrations,
  transportIsHealthy,
  countersAreHealthy,
}: Probes): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'unknown'>((resolve) => {
    timer = setTimeout(() => resolve('unknown'), TIMEOUT_MS);
  });
  const migrations = await Promise.race([checkMigrations().catch(() => 'unknown' as const), timeout]);
  clearTimeout(timer);
  return {
    status: migrations === 'unknown' || migrations === 'missing' ? 'unavailable' : 'ready',
    database: migrations === 'unknown' ? 'unavailable' : 'ok',
    migrations,
    transport: transportIsHealthy() ? 'ok' : 'degraded',
    counters: countersAreHealthy() ? 'ok' : 'degraded',
  };
}
