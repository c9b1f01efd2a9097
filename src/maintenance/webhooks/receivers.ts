/**
 * The receivers that this server delivers to, each through a worker and slots of its own: one that does not answer keeps
 * nobody waiting but itself. A receiver whose last attempt has failed is sent one delivery at a time.
 */
import { INTERNAL_OWNER } from '../../domain/access.ts';
import { SYSTEM_ACTOR } from '../../domain/audit.ts';
import type { TaskRow } from '../../domain/task.ts';
import type { DueReceiver } from '../../domain/webhook.ts';
import type { Store } from '../../store/store.ts';
import type { JobOfWebhook } from '../../store/webhooks/delivery-verbs.ts';

export interface Receivers {
  /** Claims what may be delivered now, and hands each on. @returns how many */
  claim(
    due: readonly DueReceiver[],
    work: (task: TaskRow, workerId: string) => Promise<void>,
  ): Promise<number>;
  /** Keeps the workers alive that have something to do, and takes leave of the others. */
  beat(): Promise<void>;
  close(): Promise<void>;
}

/** Deliveries to one receiver at a time at most, and to all together. */
const SLOTS_OF_RECEIVER = 4;
const SLOTS = 64;
const HEARTBEAT_MS = 10_000;
const IDLE_MS = 60_000;

interface Receiver {
  jobId: string;
  workerId: string;
  beatAt: number;
  usedAt: number;
  underWay: Set<Promise<void>>;
}

/** @param jobOf the internal job of a webhook, by its name */
export function createReceivers(store: Store, jobOf: JobOfWebhook): Receivers {
  const receivers = new Map<string, Receiver>();
  const allUnderWay = new Set<Promise<void>>();

  async function open({ jobId, jobName }: DueReceiver): Promise<Receiver> {
    const present = receivers.get(jobId);
    if (present) return present;
    const owner = INTERNAL_OWNER;
    const { id } = await store.registerWorker({ name: 'webhooks', owner, capacity: SLOTS_OF_RECEIVER });
    await store.registerJob({ ...jobOf(jobName), workerId: id });
    const now = performance.now();
    const receiver = { jobId, workerId: id, beatAt: now, usedAt: now, underWay: new Set<Promise<void>>() };
    receivers.set(jobId, receiver);
    return receiver;
  }

  async function leave(receiver: Receiver): Promise<void> {
    receivers.delete(receiver.jobId);
    await store.deregisterWorker(receiver.workerId, SYSTEM_ACTOR);
  }

  return {
    async claim(due, work) {
      let claimed = 0;
      for (const one of due) {
        const receiver = await open(one);
        const slots = one.failuresInRow > 0 ? 1 : SLOTS_OF_RECEIVER;
        const limit = Math.min(slots - receiver.underWay.size, SLOTS - allUnderWay.size);
        if (limit <= 0) continue;
        const { workerId, underWay } = receiver;
        const tasks = await store.claimTasks({ workerId, limit, start: true, actor: SYSTEM_ACTOR });
        receiver.usedAt = performance.now();
        claimed += tasks.length;
        for (const task of tasks) {
          const delivery = work(task, workerId).finally(() => {
            underWay.delete(delivery);
            allUnderWay.delete(delivery);
          });
          underWay.add(delivery);
          allUnderWay.add(delivery);
        }
      }
      return claimed;
    },
    async beat() {
      for (const receiver of [...receivers.values()]) {
        const now = performance.now();
        if (receiver.underWay.size === 0 && now - receiver.usedAt > IDLE_MS) await leave(receiver);
        else if (now - receiver.beatAt > HEARTBEAT_MS) {
          receiver.beatAt = now;
          // One that was lost has lost its tasks, too: it begins anew.
          if (!(await store.beat(receiver.workerId))) receivers.delete(receiver.jobId);
        }
      }
    },
    async close() {
      await Promise.allSettled(allUnderWay);
      for (const receiver of [...receivers.values()]) await leave(receiver);
    },
  };
}
