/** Probes: live says that the process answers; ready, that it can do its work. */
import type { Transport } from '../events/transport.ts';
import type { Database } from '../store/database.ts';
import { statement } from '../store/rows.ts';

export interface Readiness {
  status: 'ready' | 'unavailable';
  database: 'ok' | 'unavailable';
  /** `degraded`: streams go on from the log, late by a second at most. */
  transport: 'ok' | 'degraded';
}

const PING = statement('ping', 'SELECT 1');
const PING_TIMEOUT_MS = 2_000;

/** Ready while the database answers within two seconds; a lost transport only degrades. */
export async function readiness(database: Database, transport: Transport): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PING_TIMEOUT_MS);
  });
  const answers = database.query(PING).then(
    () => true,
    () => false,
  );
  const answered = await Promise.race([answers, timeout]);
  clearTimeout(timer);
  return {
    status: answered ? 'ready' : 'unavailable',
    database: answered ? 'ok' : 'unavailable',
    transport: transport.healthy() ? 'ok' : 'degraded',
  };
}
