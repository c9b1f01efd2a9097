/** Who wants to hear of interruptions. */
import type { ServerLogger } from '../logger.ts';

export interface Interruptions {
  listen(listener: () => void): () => void;
  /** Calls every listener; one that throws is logged and hinders no other. */
  report(): void;
  clear(): void;
}

export function createInterruptions(logger: ServerLogger): Interruptions {
  const listeners = new Set<() => void>();
  return {
    listen(listener) {
      // A function of its own per call: one function may listen twice, and each stops for itself.
      const own = () => listener();
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    report() {
      for (const listener of listeners) {
        try {
          listener();
        } catch (error) {
          logger.error({ err: error }, 'A listener for interruptions failed');
        }
      }
    },
    clear: () => listeners.clear(),
  };
}
