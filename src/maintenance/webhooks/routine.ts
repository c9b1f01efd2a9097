/**
 * Delivers events to webhooks by the server's own task queue: a delivery is a task of an internal job, one for each
 * webhook, in a room that no caller can name, worked by every server. So retries, back-off and the loss of a server are the queue's, and tried.
 *
 *   event log ──▶ deliveries and their tasks, in one transaction ──▶ claim ──▶ POST ──▶ complete | fail
 */
import { SYSTEM_ACTOR } from '../../domain/audit.ts';
import { INTERNAL_ROOM } from '../../domain/rooms.ts';
import type { TaskRow } from '../../domain/task.ts';
import type { DeliveryRow } from '../../domain/webhook.ts';
import type { ServerLogger } from '../../events/logger.ts';
import type { JobRegistration } from '../../store/jobs/registration.ts';
import type { Store } from '../../store/store.ts';
import type { Routine } from '../runner.ts';
import type { Deliverer } from './deliver.ts';
import { createReceivers } from './receivers.ts';

export const DELIVER_WEBHOOKS = 'deliver_webhooks';

const INTERVAL_MS = 1_000;
const INTERNAL_CATEGORY = 'internal';
/** Over half a day in all. */
const BACKOFF_SECONDS = [5, 30, 120, 600, 1_800, 7_200, 36_000];

export interface WebhooksOptions {
  store: Store;
  deliverer: Deliverer;
  logger: ServerLogger;
  /** There is room for another delivery: run the routine again. */
  wake: () => void;
}

export interface Webhooks {
  routine: Routine;
  /** Queues a test; its id, or null when there is no such webhook. */
  test(webhookId: string, actor: string): Promise<string | null>;
  /** Queues a delivery that has ended once more; the delivery, or null when there is none. */
  redeliver(id: string): Promise<DeliveryRow | null>;
  /** Breaks off what is under way: it is delivered again, by whoever is left. */
  close(): Promise<void>;
}

/** The internal job of a webhook. */
function jobOf(name: string): JobRegistration {
  return {
    ...{ room: INTERNAL_ROOM, category: INTERNAL_CATEGORY, name },
    maxAttempts: BACKOFF_SECONDS.length + 1,
    backoffSeconds: BACKOFF_SECONDS,
  };
}

export function createWebhooks({ store, deliverer, logger, wake }: WebhooksOptions): Webhooks {
  const stopping = new AbortController();
  const receivers = createReceivers(store, jobOf);

  async function dispatch(): Promise<number> {
    let deliveries = 0;
    for (let more = true; more; ) {
      const { events, made } = await store.dispatchEvents(jobOf);
      deliveries += made;
      more = events > 0;
    }
    return deliveries;
  }

  async function work(task: TaskRow, workerId: string): Promise<void> {
    try {
      await deliver(task, workerId);
    } catch (error) {
      // The queue gives the task to somebody else when this worker is lost, or its attempt times out.
      logger.warn({ err: error, task: task.id }, 'A delivery of a webhook was broken off');
    }
    if (!stopping.signal.aborted) wake();
  }

  async function deliver(task: TaskRow, workerId: string): Promise<void> {
    const held = { taskId: task.id, workerId, attempt: task.attempt, actor: SYSTEM_ACTOR };
    const { deliveryId } = task.payload as { deliveryId: string };
    const delivery = await store.webhooks.findDelivery(deliveryId);
    if (!delivery)
      return void (await store.completeTask({ ...held, outcome: 'COMPLETED', result: undefined }));
    const { retryable, ...attempt } = await deliverer.deliver(delivery, stopping.signal);
    if (stopping.signal.aborted && attempt.error !== null) return;
    if (attempt.error === null) {
      await store.webhooks.recordAttempt(deliveryId, 'DELIVERED', attempt);
      await store.completeTask({ ...held, outcome: 'COMPLETED', result: undefined });
      return;
    }
    const error = { message: attempt.error, code: null, retryable, context: null };
    const result = await store.failTask({ ...held, error });
    const isLast = result.kind === 'changed' && result.change.transition.to === 'FAILED';
    const switchedOff = await store.webhooks.recordAttempt(
      deliveryId,
      isLast ? 'FAILED' : 'PENDING',
      attempt,
    );
    if (switchedOff)
      logger.warn({ url: delivery.url }, 'A webhook was switched off: it has failed for too long');
  }

  return {
    routine: {
      name: DELIVER_WEBHOOKS,
      intervalMs: INTERVAL_MS,
      async runOnce() {
        const { webhooks, due } = await store.webhooks.findDispatch();
        // Without webhooks only the place in the log is kept up.
        const made = due ? await dispatch() : 0;
        if (!webhooks) return { made, claimed: 0 };
        await receivers.beat();
        const claimed = await receivers.claim(await store.webhooks.findDueReceivers(INTERNAL_CATEGORY), work);
        return { made, claimed };
      },
    },
    async test(webhookId, actor) {
      const id = await store.testWebhook(jobOf, webhookId, actor);
      if (id) wake();
      return id;
    },
    async redeliver(id) {
      const delivery = await store.redeliver(jobOf, id);
      if (delivery) wake();
      return delivery;
    },
    async close() {
      stopping.abort();
      await receivers.close();
      await deliverer.close();
    },
  };
}
