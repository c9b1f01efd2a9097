/** The part of the store that claims tasks. */
import { LRUCache } from 'lru-cache';
import type { TaskRow } from '../../../domain/task.ts';
import type { Announcements } from '../../announcements.ts';
import type { Database, DatabaseSession } from '../../database/database.ts';
import { claimGated } from '../../gates/gated-claim.ts';
import { createSeenGates } from '../../gates/gates.ts';
import { type ClaimRequest, claimTasks } from './claim.ts';

export interface ClaimOptions {
  publish: Announcements['publish'];
  onClaimable?: ((jobIds: readonly string[]) => void) | undefined;
}

export function claimVerbs(database: Database, { publish, onClaimable }: ClaimOptions) {
  const inTurn = createTurnsByKey();
  /** Workers whose last claim went through gates: their next one begins with these. */
  const gatedWorkers = new LRUCache<string, true>({ max: 10_000 });

  const seenGates = createSeenGates();

  async function claimNow(claim: ClaimRequest): Promise<TaskRow[]> {
    if (!gatedWorkers.has(claim.workerId)) {
      const { tasks, changes, gated } = await claimTasks(database, claim);
      publish(changes);
      if (!gated) return tasks;
      gatedWorkers.set(claim.workerId, true);
    }
    const tasks = await claimGated(database, claim, {
      seenGates,
      onClaimed: ({ changes }) => publish(changes),
      onClaimable: (jobIds) => onClaimable?.(jobIds),
    });
    if (tasks) return tasks;
    gatedWorkers.delete(claim.workerId);
    return claimNow(claim);
  }

  return {
    /** Claims tasks for the worker; an unknown worker gets none. */
    claimTasks: (claim: ClaimRequest): Promise<TaskRow[]> => inTurn(claim.workerId, () => claimNow(claim)),
    /**
     * The same in a session in which the claim comes right behind something else: it does not wait for its turn.
     * @returns null where that cannot be, since a job of the worker has gates: then it must claim by itself
     */
    async claimBehind(claim: ClaimRequest, behind: DatabaseSession): Promise<TaskRow[] | null> {
      if (gatedWorkers.has(claim.workerId)) return null;
      const { tasks, changes, gated } = await claimTasks(behind, claim);
      if (gated) gatedWorkers.set(claim.workerId, true);
      publish(changes);
      return gated ? null : tasks;
    },
  };
}

/**
 * Runs what has the same key one after the other. Claims that a worker sends ahead go so: side by side each would find
 * what the other has locked, and look further for nothing.
 */
function createTurnsByKey() {
  const last = new Map<string, Promise<unknown>>();
  return async <T>(key: string, run: () => Promise<T>): Promise<T> => {
    const before = last.get(key);
    const turn = before ? before.then(run, run) : run();
    last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (last.get(key) === turn) last.delete(key);
    }
  };
}
