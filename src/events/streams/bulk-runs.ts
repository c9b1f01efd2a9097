/** A run over many tasks, live: as it is, then whenever it has changed, until it has ended. */
import { pullIterator } from '../../async/pull-iterator.ts';
import type { BulkRow } from '../../domain/bulk.ts';
import type { ServerLogger } from '../logger.ts';
import { subscribeToChannel } from '../transports/channel-subscription.ts';
import type { Transport } from '../transports/transport.ts';

/** The channel that announces that a run has changed. */
export const bulkChannel = (id: string): string => `bulk:${id}`;

interface BulkRunsOptions {
  transport: Transport;
  read: (id: string) => Promise<BulkRow | null>;
  logger: ServerLogger;
}

/** From one read to the next at least. */
const PAUSE_MS = 200;
/** When it is read although no message came. */
const BEAT_MS = 2_000;

export function watchBulkRun(options: BulkRunsOptions, id: string): AsyncIterableIterator<BulkRow> {
  const { transport, read, logger } = options;
  let isNews = true;
  let wake = () => {};
  let sent = '';
  let isOver = false;
  const notify = () => {
    isNews = true;
    wake();
  };
  const subscription = subscribeToChannel(transport, bulkChannel(id), notify, { timeoutMs: 1_000, logger });
  const beat = setInterval(notify, BEAT_MS).unref();

  async function next(): Promise<BulkRow | undefined> {
    await subscription.acknowledged;
    while (!isOver) {
      if (!isNews) await new Promise<void>((resolve) => (wake = resolve));
      if (sent !== '') await new Promise((resolve) => setTimeout(resolve, PAUSE_MS).unref());
      isNews = false;
      const run = await read(id);
      const state = JSON.stringify(run);
      if (!run || state === sent) {
        isOver = !run;
        continue;
      }
      sent = state;
      isOver = run.finishedAt !== null;
      return run;
    }
    return undefined;
  }

  return pullIterator<BulkRow>({
    pull: next,
    close() {
      isOver = true;
      subscription.unsubscribe();
      clearInterval(beat);
      wake();
    },
  });
}
