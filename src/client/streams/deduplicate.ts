/** Which versions of which tasks a stream has delivered; forgets the tasks that it met longest ago. */

import { present } from '../present.ts';
import type { TaskEvent } from '../types.ts';

const REMEMBERED_TASKS = 10_000;

export interface Seen {
  /** Whether the event is new; from then on it is a repeat. */
  isNew(event: Exclude<TaskEvent, { kind: 'resync' }>): boolean;
  clear(): void;
}

export function createDeduplicator(limit = REMEMBERED_TASKS): Seen {
  // A Map iterates in the order of insertion, so the first key is the one met longest ago.
  const versions = new Map<string, number>();

  function remember(taskId: string, version: number): void {
    versions.delete(taskId);
    versions.set(taskId, version);
    if (versions.size > limit) versions.delete(present(versions.keys().next().value));
  }

  return {
    isNew(event) {
      const { id, version } = event.task;
      const known = versions.get(id) ?? 0;
      switch (event.kind) {
        case 'snapshot':
          remember(id, version);
          return true;
        case 'transition':
          if (event.transition.version <= known) return false;
          remember(id, event.transition.version);
          return true;
        case 'progress':
          // Of an attempt that is over: its transition has been delivered.
          return version >= known;
      }
    },
    clear: () => versions.clear(),
  };
}
