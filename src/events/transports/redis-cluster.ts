/**
 * The transport over a Redis Cluster: sharded pub/sub, one connection a master for both directions.
 *
 *   channel ──hash──▶ bucket, `prefix{bucket}` ──slot──▶ the master that serves it now
 *
 * Where a bucket lives is asked (CLUSTER SLOTS) at the start, on a slow beat, and whenever a node is lost, gives up a
 * channel or redirects us. A bucket that has moved is subscribed at its new master, and then the interruption is told:
 * what was published meanwhile may have been missed.
 */
import { coalesce } from '../../async/coalesce.ts';
import { BUCKETS, bucketChannel, bucketOf, enclose, unwrap } from './buckets.ts';
import { Channels } from './channels.ts';
import { createInterruptions } from './interruptions.ts';
import { createPublishPipeline } from './publish-pipeline.ts';
import type { ConnectedRedisOptions } from './redis.ts';
import { openRedisListener, type RedisListener } from './redis-listener.ts';
import { readSlots, readSlotsFrom, type SlotRange, slotOf } from './redis-topology.ts';
import type { Transport, Unsubscribe } from './transport.ts';

/** A bucket that is listened to. */
interface Bucket {
  readonly number: number;
  /** URL of the master where it is, or is being, subscribed. */
  at: string | undefined;
  /** Raised with each move: what an earlier one brings is let go. */
  turn: number;
  /** Resolves with the acknowledgement of its present place. */
  placed: Promise<void>;
  release: Unsubscribe | undefined;
}

const REFRESH_INTERVAL_MS = 5000;
const RETRY_AFTER_MS = 500;
const MOVED_AFTER_MS = 50;

/** The connections are named `<name>-node`. Resolves when every master has been tried; rejects when none answers. */
export async function connectClusterTransport(options: ConnectedRedisOptions): Promise<Transport> {
  const { urls, prefix, name, connectTimeoutMs, tls, logger } = options;
  const asking = { timeoutMs: connectTimeoutMs, tls };
  const interruptions = createInterruptions(logger);
  const nodes = new Map<string, RedisListener>();
  const names = Array.from({ length: BUCKETS }, (_, number) => bucketChannel(prefix, number));
  const slots = names.map(slotOf);
  const owners = new Array<string | undefined>(BUCKETS).fill(undefined);
  const buckets = new Map<number, Bucket>();
  const moved = new Set<RedisListener>();
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let movedTimer: NodeJS.Timeout | undefined;

  const channels = new Channels(
    {
      subscribe: (channel) => enter(bucketOf(channel)),
      unsubscribe: async (channel) => leave(bucketOf(channel)),
    },
    logger,
  );
  /** How many of the channels that are subscribed lie in a bucket. */
  const users = new Map<number, number>();

  // ── where things are

  const refresh = coalesce(async () => {
    if (closed) return;
    try {
      settle(await askForSlots());
    } catch (error) {
      logger.debug({ err: error }, 'The nodes of the Redis Cluster cannot be asked');
    }
  });

  async function askForSlots(): Promise<SlotRange[]> {
    for (const [url, { connection }] of nodes) {
      if (!connection.ready()) continue;
      try {
        return await readSlots(connection.redis, url);
      } catch {
        // The next one may know.
      }
    }
    return readSlotsFrom([...nodes.keys(), ...urls], asking);
  }

  function settle(ranges: readonly SlotRange[]): void {
    if (closed) return;
    const masters = new Set(ranges.map(({ url }) => url));
    for (const url of masters) if (!nodes.has(url)) nodes.set(url, openNode(url));
    for (const [number, slot] of slots.entries()) {
      owners[number] = ranges.find(({ first, last }) => first <= slot && slot <= last)?.url;
    }
    for (const bucket of buckets.values()) {
      if (owners[bucket.number] && bucket.at !== owners[bucket.number]) move(bucket);
    }
    for (const [url, node] of nodes) {
      if (masters.has(url)) continue;
      nodes.delete(url);
      node.close();
    }
  }

  function openNode(url: string): RedisListener {
    const node = openRedisListener({
      ...options,
      url,
      name: `${name}-node`,
      sharded: true,
      onInterruption() {
        interruptions.tell();
        // What is lost may have been taken over by another.
        if (!node.connection.ready()) void refresh();
      },
      onMoved() {
        moved.add(node);
        movedTimer ??= setTimeout(() => void settleMoved(), MOVED_AFTER_MS).unref();
      },
    });
    return node;
  }

  /** A node does not say which of its channels it has given up: all of them are subscribed again, there or elsewhere. */
  async function settleMoved(): Promise<void> {
    const suspects = [...moved];
    moved.clear();
    movedTimer = undefined;
    await refresh();
    if (closed) return;
    for (const node of suspects) if ([...nodes.values()].includes(node)) node.resubscribe();
    interruptions.tell();
  }

  function beat(): void {
    timer = setTimeout(() => void refresh().then(() => !closed && beat()), REFRESH_INTERVAL_MS).unref();
  }

  // ── listening

  function enter(number: number): Promise<void> {
    users.set(number, (users.get(number) ?? 0) + 1);
    const present = buckets.get(number);
    if (present) return present.placed;
    const bucket: Bucket = { number, at: undefined, turn: 0, placed: Promise.resolve(), release: undefined };
    buckets.set(number, bucket);
    bucket.placed = place(bucket);
    return bucket.placed;
  }

  function leave(number: number): void {
    const left = (users.get(number) ?? 0) - 1;
    users.set(number, left);
    const bucket = buckets.get(number);
    if (left > 0 || !bucket) return;
    users.delete(number);
    buckets.delete(number);
    bucket.turn++;
    void bucket.release?.();
  }

  function move(bucket: Bucket): void {
    const { release } = bucket;
    bucket.release = undefined;
    bucket.placed = place(bucket).then(() => {
      void release?.();
      interruptions.tell();
    });
  }

  /** Resolves when the bucket is subscribed where it lives, or is wanted elsewhere or no more. */
  async function place(bucket: Bucket): Promise<void> {
    const turn = ++bucket.turn;
    const isCurrent = () => !closed && bucket.turn === turn;
    while (isCurrent()) {
      bucket.at = owners[bucket.number];
      const node = bucket.at === undefined ? undefined : nodes.get(bucket.at);
      const release = await node?.channels
        .subscribe(names[bucket.number] as string, deliver)
        .catch(() => undefined); // logged by the channels
      if (release && isCurrent()) bucket.release = release;
      else void release?.();
      if (release || !isCurrent()) return;
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS).unref());
      await refresh();
    }
  }

  function deliver(enclosed: string): void {
    if (closed) return;
    const { channel, message } = unwrap(enclosed);
    channels.deliver(channel, message);
  }

  // ── publishing

  async function publish(channel: string, message: string): Promise<number> {
    const bucket = bucketOf(channel);
    const enclosed = enclose(channel, message);
    try {
      return await publishTo(bucket, enclosed);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('MOVED '))) throw error;
      await refresh();
      return publishTo(bucket, enclosed);
    }
  }

  async function publishTo(bucket: number, enclosed: string): Promise<number> {
    const node = nodes.get(owners[bucket] ?? '');
    if (!node?.connection.ready()) throw new Error('Not connected');
    return (await node.connection.redis.spublish(names[bucket] as string, enclosed)) as number;
  }

  function isHealthy(): boolean {
    if (closed || isRefused() || owners.includes(undefined)) return false;
    return [...nodes.values()].every((node) => node.listening());
  }

  const { send, isRefused } = createPublishPipeline(publish, logger);
  settle(await readSlotsFrom(urls, asking));
  await Promise.all([...nodes.values()].map(({ connection }) => connection.attempted));
  beat();

  return {
    publish: (channel, message) => (closed ? Promise.resolve(undefined) : send(channel, message)),
    subscribe: (channel, onMessage, signal) => channels.subscribe(channel, onMessage, signal),
    onInterruption: interruptions.listen,
    healthy: isHealthy,
    channelCount: () => channels.size,
    async close() {
      closed = true;
      clearTimeout(timer);
      clearTimeout(movedTimer);
      interruptions.clear();
      channels.close();
      for (const node of nodes.values()) node.close();
      nodes.clear();
    },
  };
}
