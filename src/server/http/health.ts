/**
 * Probes: live says that the process answers; ready, that it can do its work. Both are for everybody, so they tell
 * nothing but states.
 */

export interface Readiness {
  status: 'ready' | 'unavailable';
  /** `read-only`: it takes no changes, as a replica. `full`: it has no space for changes. */
  database: 'ok' | 'unavailable' | 'read-only' | 'full';
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
  /** Whether the database takes changes; rejects when it does not answer. */
  checkWrites: () => Promise<'ok' | 'read-only' | 'full'>;
  transportIsHealthy: () => boolean;
  countersAreHealthy: () => boolean;
}

const TIMEOUT_MS = 2_000;

/** Ready while the database answers within two seconds, has all migrations and takes changes; the rest only degrades. */
export async function readiness({
  checkMigrations,
  checkWrites,
  transportIsHealthy,
  countersAreHealthy,
}: Probes): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'unknown'>((resolve) => {
    timer = setTimeout(() => resolve('unknown'), TIMEOUT_MS);
  });
  const within = <T>(check: Promise<T>) => Promise.race([check.catch(() => 'unknown' as const), timeout]);
  const [migrations, writes] = await Promise.all([within(checkMigrations()), within(checkWrites())]);
  clearTimeout(timer);
  const isReady = writes === 'ok' && (migrations === 'ok' || migrations === 'newer');
  return {
    status: isReady ? 'ready' : 'unavailable',
    database: writes === 'unknown' || migrations === 'unknown' ? 'unavailable' : writes,
    migrations,
    transport: transportIsHealthy() ? 'ok' : 'degraded',
    counters: countersAreHealthy() ? 'ok' : 'degraded',
  };
}
