import { backoffMs, pause } from '../connection/backoff.ts';
import { retryChance } from '../errors.ts';

/** How often in a row an error that may pass is met before it counts as an answer. */
const PATIENCE = 5;

/**
 * Sends until there is an answer, over reconnects. Rejects with the error when another try cannot help (or did
 * not, five times), and with the last error once `givenUp` is aborted.
 */
export async function retryUntilAnswered<T>(send: () => Promise<T>, givenUp: AbortSignal): Promise<T> {
  let doubts = 0;
  for (let failures = 0; ; failures++) {
    try {
      return await send();
    } catch (error) {
      const chance = retryChance(error);
      if (chance === 'never' || (chance === 'perhaps' && ++doubts >= PATIENCE)) throw error;
      await pause(backoffMs(failures), givenUp);
      if (givenUp.aborted) throw error;
    }
  }
}
