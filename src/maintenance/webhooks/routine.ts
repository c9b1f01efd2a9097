/**
 * Delivers events to webhooks by the server's own task queue: a delivery is a task of an internal job, in a room that
 * no caller can name, worked by every server. So retries, back-off and the loss of a server are the queue's, and tried.
 *
 *   event log ──▶ deliveries and their tasks, in one transaction ──▶ claim ──▶ POST ──▶ complete | fail
 */
import { INTERNAL_OWNER } from '../../domain/access.ts';
import { SYSTEM_ACTOR } from '../../domain/events.ts';
import { INTERNAL_ROOM } from '../../domain/rooms.ts';
import type { TaskRow } from '../../domain/task.ts';
import type { Logger } from '../../events/logger.ts';
import type { Database } from '../../store/database/database.ts';
import type { Store } from '../../store/store.ts';
import { findDelivery, findDispatch, recordAttempt } from '../../store/webhooks/webhooks.ts';
import type { Routine } from '../runner.ts';
import type { Deliverer } from './deliver.ts';

export const DELIVER_WEBHOOKS = 'deliver_webhooks';

const INTERVAL_MS = 1_000;
const HEARTBEAT_MS = 10_000;
const CAPACITY = 16;
/** Over half a day in all. */
const BACKOFF_SECONDS = [5, 30, 120, 600, 1_800, 7_200, 36_000];

export interface WebhooksOptions {
  database: Database;
  store: Store;
  deliverer: Deliverer;
  logger: Logger;
  /** There is room for another delivery: run the routine again. */
  wake: () => void;
}

export interface Webhooks {
  routine: Routine;
  /** Queues a test; its id, or null when there is no such webhook. */
  test(webhookId: string, actor: string): Promise<string | null>;
  /** Breaks off what is under way: it is delivered again, by whoever is left. */
  close(): Promise<void>;
}

export function createWebhooks({ database, store, deliverer, logger, wake }: WebhooksOptions): Webhooks {
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  let job: Promise<string> | undefined;
  let worker: { id: string; beatAt: number } | undefined;

  /** The internal job; registered again where it was retired meanwhile. */
  async function register(workerId?: string): Promise<string> {
    const result = await store.registerJob({
      room: INTERNAL_ROOM,
      category: 'internal',
      name: 'deliver',
      maxAttempts: BACKOFF_SECONDS.length + 1,
      backoffSeconds: BACKOFF_SECONDS,
      workerId,
    });
    if (result.kind === 'conflict') throw new Error('The internal job has another schema.');
    return result.job.id;
  }

  const jobId = () => (job ??= register().catch(forgetJob));

  function forgetJob(error: unknown): never {
    job = undefined;
    throw error;
  }

  /** Keeps this server's worker alive; one that was lost is replaced. */
  async function ensureWorker(): Promise<string> {
    const now = performance.now();
    if (worker && now - worker.beatAt < HEARTBEAT_MS) return worker.id;
    if (worker && (await store.beat(worker.id))) {
      worker.beatAt = now;
      return worker.id;
    }
    const { id } = await store.registerWorker({
      name: 'webhooks',
      owner: INTERNAL_OWNER,
      capacity: CAPACITY,
    });
    await register(id);
    worker = { id, beatAt: now };
    return id;
  }

  async function dispatch(): Promise<number> {
    let deliveries = 0;
    const id = await jobId();
    for (let more = true; more; ) {
      const { events, made } = await store.dispatchEvents(id);
      deliveries += made;
      more = events > 0;
    }
    return deliveries;
  }

  async function claim(): Promise<number> {
    const workerId = await ensureWorker();
    const limit = CAPACITY - underWay.size;
    if (limit <= 0) return 0;
    const tasks = await store.claimTasks({ workerId, limit, start: true, actor: SYSTEM_ACTOR });
    for (const task of tasks) {
      const work = deliver(task, workerId)
        .catch((error: unknown) => {
          // The queue gives the task to somebody else when this worker is lost, or its attempt times out.
          logger.warn({ err: error, task: task.id }, 'A delivery of a webhook was broken off');
        })
        .finally(() => {
          underWay.delete(work);
          if (!stopping.signal.aborted) wake();
        });
      underWay.add(work);
    }
    return tasks.length;
  }

  async function deliver(task: TaskRow, workerId: string): Promise<void> {
    const held = { taskId: task.id, workerId, attempt: task.attempt, actor: SYSTEM_ACTOR };
    const { deliveryId } = task.payload as { deliveryId: string };
    const delivery = await findDelivery(database, deliveryId);
    if (!delivery)
      return void (await store.completeTask({ ...held, outcome: 'COMPLETED', result: undefined }));
    const { retryable, ...attempt } = await deliverer.deliver(delivery, stopping.signal);
    if (stopping.signal.aborted && attempt.error !== null) return;
    if (attempt.error === null) {
      await recordAttempt(database, deliveryId, 'DELIVERED', attempt);
      await store.completeTask({ ...held, outcome: 'COMPLETED', result: undefined });
      return;
    }
    const error = { message: attempt.error, code: null, retryable, context: null };
    const result = await store.failTask({ ...held, error });
    const isLast = result.kind === 'changed' && result.change.transition.to === 'FAILED';
    await recordAttempt(database, deliveryId, isLast ? 'FAILED' : 'PENDING', attempt);
  }

  return {
    routine: {
      name: DELIVER_WEBHOOKS,
      intervalMs: INTERVAL_MS,
      async runOnce() {
        const { webhooks, due } = await findDispatch(database);
        // Without webhooks only the place in the log is kept up.
        const made = due ? await dispatch() : 0;
        return { made, claimed: webhooks ? await claim() : 0 };
      },
    },
    async test(webhookId, actor) {
      const id = await store.testWebhook(await jobId(), webhookId, actor);
      if (id) wake();
      return id;
    },
    async close() {
      stopping.abort();
      await Promise.allSettled(underWay);
      if (worker) await store.deregisterWorker(worker.id, SYSTEM_ACTOR);
      await deliverer.close();
    },
  };
}
