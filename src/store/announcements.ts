/** Hands on what was committed to those who asked for it when the store was created. */
import type { TaskChange } from '../domain/task.ts';

export interface Announcements {
  /** Publishes the changes of a commit. @returns how many; null stands for an item that was refused */
  publish(changes: readonly (TaskChange | null)[]): number;
  /** Announces new entries of the audit log, where the result of the work has any. */
  announcing<T>(work: Promise<T>, hasEvents: (result: T) => boolean): Promise<T>;
}

export interface AnnouncementOptions {
  onCommit: (changes: readonly TaskChange[]) => void;
  onEvents: () => void;
}

export function createAnnouncements({ onCommit, onEvents }: AnnouncementOptions): Announcements {
  return {
    publish(changes) {
      const committed = changes.filter((change) => change !== null);
      if (committed.length > 0) onCommit(committed);
      return committed.length;
    },
    async announcing(work, hasEvents) {
      const result = await work;
      if (hasEvents(result)) onEvents();
      return result;
    },
  };
}
