/**
 * The masters of a Redis Cluster, one connection each, and which of them serves a bucket. It is asked (CLUSTER SLOTS) at the
 * start, on a slow beat, and whenever a node is lost, gives up a channel or redirects us.
 */
import { coalesce } from '../../async/coalesce.ts';
import { BUCKETS } from './buckets.ts';
import { openRedisListener, type RedisListener } from './redis-listener.ts';
import type { ConnectedRedisOptions } from './redis-options.ts';
import { readSlots, readSlotsFrom, type SlotRange, slotOf } from './redis-topology.ts';

export interface ClusterNodes {
  /** URL of the master that serves the bucket; undefined while no master does. */
  ownerOf(bucket: number): string | undefined;
  /** The connection to a master. */
  at(url: string | undefined): RedisListener | undefined;
  /** Asks which master serves what; callers at the same time share one question. Never rejects. */
  refresh(): Promise<void>;
  /** `listener` is called when buckets may have another master, before the connections to former ones are closed. */
  onOwners(listener: () => void): void;
  /** Whether every bucket has a master, and everything that is wanted of each is subscribed. */
  healthy(): boolean;
  close(): void;
}

export interface ClusterNodesOptions {
  redis: ConnectedRedisOptions;
  /** Channel of each bucket. */
  channels: readonly string[];
  /** Something may have been missed. */
  onInterruption(): void;
}

const REFRESH_INTERVAL_MS = 5000;
const MOVED_AFTER_MS = 50;

/** Resolves when every master has been tried; rejects when none answers. */
export async function openClusterNodes(options: ClusterNodesOptions): Promise<ClusterNodes> {
  const { onInterruption } = options;
  const { urls, name, connectTimeoutMs, tls, logger } = options.redis;
  const asking = { timeoutMs: connectTimeoutMs, tls };
  const nodes = new Map<string, RedisListener>();
  const slots = options.channels.map(slotOf);
  const owners = new Array<string | undefined>(BUCKETS).fill(undefined);
  let onOwners = () => {};
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const refresh = coalesce(async () => {
    if (closed) return;
    try {
      settle(await askForSlots(nodes, urls, asking));
    } catch (error) {
      logger.debug({ err: error }, 'The nodes of the Redis Cluster cannot be asked');
    }
  });

  // A node does not say which of its channels it has given up: all of them are subscribed again, there or elsewhere.
  const moved = createMovedNodes(async (suspects) => {
    await refresh();
    if (closed) return;
    for (const node of suspects) if ([...nodes.values()].includes(node)) node.resubscribe();
    onInterruption();
  });

  function settle(ranges: readonly SlotRange[]): void {
    if (closed) return;
    const masters = new Set(ranges.map(({ url }) => url));
    for (const url of masters) if (!nodes.has(url)) nodes.set(url, openNode(url));
    for (const [bucket, slot] of slots.entries()) {
      owners[bucket] = ranges.find(({ first, last }) => first <= slot && slot <= last)?.url;
    }
    onOwners();
    for (const [url, node] of nodes) {
      if (masters.has(url)) continue;
      nodes.delete(url);
      node.close();
    }
  }

  function openNode(url: string): RedisListener {
    const node = openRedisListener({
      ...options.redis,
      ...{ url, name: `${name}-node`, sharded: true },
      onInterruption() {
        onInterruption();
        // What is lost may have been taken over by another.
        if (!node.connection.ready()) void refresh();
      },
      onMoved() {
        moved.add(node);
      },
    });
    return node;
  }

  function beat(): void {
    timer = setTimeout(() => void refresh().then(() => !closed && beat()), REFRESH_INTERVAL_MS).unref();
  }

  settle(await readSlotsFrom(urls, asking));
  await Promise.all([...nodes.values()].map(({ connection }) => connection.attempted));
  beat();

  return {
    ownerOf: (bucket) => owners[bucket],
    at: (url) => (url === undefined ? undefined : nodes.get(url)),
    refresh,
    onOwners(listener) {
      onOwners = listener;
    },
    healthy: () => !owners.includes(undefined) && [...nodes.values()].every((node) => node.listening()),
    close() {
      closed = true;
      clearTimeout(timer);
      moved.close();
      for (const node of nodes.values()) node.close();
      nodes.clear();
    },
  };
}

/** Asks the nodes that are connected, then every address. */
async function askForSlots(
  nodes: ReadonlyMap<string, RedisListener>,
  urls: readonly string[],
  asking: Parameters<typeof readSlotsFrom>[1],
): Promise<SlotRange[]> {
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

/** Gathers nodes that have given up channels for a moment, and hands them on together. */
function createMovedNodes(settle: (nodes: readonly RedisListener[]) => Promise<void>) {
  const moved = new Set<RedisListener>();
  let timer: NodeJS.Timeout | undefined;
  return {
    add(node: RedisListener): void {
      moved.add(node);
      timer ??= setTimeout(() => {
        const nodes = [...moved];
        moved.clear();
        timer = undefined;
        void settle(nodes);
      }, MOVED_AFTER_MS).unref();
    },
    close: () => clearTimeout(timer),
  };
}
