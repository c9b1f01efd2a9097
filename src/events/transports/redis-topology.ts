/** Which node of a Redis Cluster serves which slot. */
import type { ConnectionOptions } from 'node:tls';
import calculateSlot from 'cluster-key-slot';
import { Redis } from 'ioredis';
import { sameLoginAt } from './redis-address.ts';
import { tlsFor } from './redis-tls.ts';

/** Slots `first` to `last`, served by the master at `url`. */
export interface SlotRange {
  first: number;
  last: number;
  url: string;
}

/** The answer to CLUSTER SLOTS: first and last slot, then the nodes, the master first. */
type SlotsReply = [first: number, last: number, master: [host: string | null, port: number]][];

/** Asks a node that is connected. `url` is its own: the one of a node that does not name its host. */
export async function readSlots(redis: Redis, url: string): Promise<SlotRange[]> {
  const reply = (await redis.cluster('SLOTS')) as unknown as SlotsReply;
  return reply.map(([first, last, [host, port]]) => ({
    first,
    last,
    // An empty host stands for the one that was asked, an unknown one (?) for the same.
    url: sameLoginAt(url, host && host !== '?' ? host : new URL(url).hostname.replace(/^\[|\]$/g, ''), port),
  }));
}

/** Asks the first of the servers that answers, over a connection that is closed again. */
export async function readSlotsFrom(
  urls: readonly string[],
  { timeoutMs, tls }: { timeoutMs: number; tls: ConnectionOptions | undefined },
): Promise<SlotRange[]> {
  let failure: unknown;
  for (const url of urls) {
    const redis = new Redis(url, {
      lazyConnect: true,
      enableReadyCheck: false,
      ...tlsFor(url, tls),
      connectTimeout: timeoutMs,
      commandTimeout: timeoutMs,
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
    });
    redis.on('error', () => {}); // the failed call reports it
    try {
      await redis.connect();
      return await readSlots(redis, url);
    } catch (error) {
      failure = error;
    } finally {
      redis.disconnect();
    }
  }
  throw failure;
}

/** The slot of a channel, by its hash tag. */
export function slotOf(channel: string): number {
  return calculateSlot(channel);
}
