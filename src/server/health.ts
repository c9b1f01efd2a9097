/** Probes: live says that the process answers; ready, that it can do its work. */

export interface Readiness {
  status: 'ready' | 'unavailable';
  database: 'ok' | 'unavailable';
  /** `degraded`: streams go on from the log, late by a second at most. */
  transport: 'ok' | 'degraded';
}

/** What readiness depends on. */
export interface Probes {
  /** Rejects when the database does not answer. */
  pingDatabase: () => Promise<unknown>;
  transportIsHealthy: () => boolean;
}

const PING_TIMEOUT_MS = 2_000;

/** Ready while the database answers within two seconds; a lost transport only degrades. */
export async function readiness({ pingDatabase, transportIsHealthy }: Probes): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PING_TIMEOUT_MS);
  });
  const answers = pingDatabase().then(
    () => true,
    () => false,
  );
  const answered = await Promise.race([answers, timeout]);
  clearTimeout(timer);
  return {
    status: answered ? 'ready' : 'unavailable',
    database: answered ? 'ok' : 'unavailable',
    transport: transportIsHealthy() ? 'ok' : 'degraded',
  };
}
