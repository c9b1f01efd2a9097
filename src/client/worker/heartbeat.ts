/** Heartbeats: they keep this worker alive for the server, whose answers say which tasks it should stop. */

import type { Connection } from '../connection/connection.ts';
import { retryUntilAnswered } from '../connection/retry-until-answered.ts';
import { messageOf } from '../errors.ts';
import { Heartbeat } from './documents.ts';
import type { WorkerSession } from './session.ts';

export interface HeartbeatOptions {
  connection: Connection;
  session: WorkerSession;
  everyMs: number;
  closed: AbortSignal;
  onStop(taskId: string): void;
  /** Called once: the present worker id gets no more tasks. */
  onDrain(): void;
  /** Every attempt that the worker id is known to hold: the server takes the rest back. */
  holding(workerId: string): { taskId: string; attempt: number }[];
}

/** Beats until `closed`. One that gets no answer is soon sent again: a server that comes back has waited for it. */
export function startHeartbeat({
  connection,
  session,
  everyMs,
  closed,
  onStop,
  onDrain,
  holding,
}: HeartbeatOptions): void {
  let beating = false;
  let drains = false;

  async function beat(workerId: string): Promise<void> {
    const send = () => connection.send(Heartbeat, { workerId, holding: holding(workerId) });
    const { heartbeat } = await retryUntilAnswered(send, { until: closed });
    if (heartbeat.__typename !== 'HeartbeatSuccess') return session.renew(workerId);
    heartbeat.stop.forEach(onStop);
    if (heartbeat.worker.drainingSince === null || workerId !== session.workerId || drains) return;
    drains = true;
    onDrain();
  }

  const timer = setInterval(() => {
    if (beating) return;
    beating = true;
    Promise.all(session.ids().map(beat))
      .catch((error) => connection.logger.debug(`A heartbeat got no answer: ${messageOf(error)}`))
      .finally(() => {
        beating = false;
      });
  }, everyMs);
  closed.addEventListener('abort', () => clearInterval(timer), { once: true });
}
