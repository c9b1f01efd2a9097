/**
 * The transport over a Redis Cluster: sharded pub/sub, one connection a master for both directions.
 *
 *   channel ──hash──▶ bucket, `prefix{bucket}` ──slot──▶ the master that serves it now
 *
 * A bucket that has moved is subscribed at its new master, and then an interruption is reported: what was published
 * meanwhile may have been missed.
 */
import { present } from '../../domain/present.ts';
import { BUCKETS, bucketChannel, bucketOf, enclose, unwrap } from './buckets.ts';
import { Channels } from './channels.ts';
import { createInterruptions } from './interruptions.ts';
import { createPublishPipeline } from './publish-pipeline.ts';
import { createClusterBuckets } from './redis-cluster-buckets.ts';
import { openClusterNodes } from './redis-cluster-nodes.ts';
import type { ConnectedRedisOptions } from './redis-options.ts';
import type { Transport } from './transport.ts';

/** The connections are named `<name>-node`. Resolves when every master has been tried; rejects when none answers. */
export async function connectClusterTransport(options: ConnectedRedisOptions): Promise<Transport> {
  const { prefix, logger } = options;
  const interruptions = createInterruptions(logger);
  const names = Array.from({ length: BUCKETS }, (_, number) => bucketChannel(prefix, number));
  let closed = false;

  const nodes = await openClusterNodes({
    redis: options,
    channels: names,
    onInterruption: interruptions.report,
  });
  const buckets = createClusterBuckets({
    ...{ nodes, channels: names, onInterruption: interruptions.report },
    onMessage(enclosed) {
      if (closed) return;
      const { channel, message } = unwrap(enclosed);
      channels.deliver(channel, message);
    },
  });
  const channels = new Channels(
    {
      subscribe: (channel) => buckets.enter(bucketOf(channel)),
      unsubscribe: async (channel) => buckets.leave(bucketOf(channel)),
    },
    logger,
  );

  async function publish(channel: string, message: string): Promise<number> {
    const bucket = bucketOf(channel);
    const enclosed = enclose(channel, message);
    try {
      return await publishTo(bucket, enclosed);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('MOVED '))) throw error;
      await nodes.refresh();
      return publishTo(bucket, enclosed);
    }
  }

  async function publishTo(bucket: number, enclosed: string): Promise<number> {
    const node = nodes.at(nodes.ownerOf(bucket));
    if (!node?.connection.ready()) throw new Error('Not connected');
    return (await node.connection.redis.spublish(present(names[bucket]), enclosed)) as number;
  }

  const { send, isRefused } = createPublishPipeline(publish, logger);

  return {
    publish: (channel, message) => (closed ? Promise.resolve(undefined) : send(channel, message)),
    subscribe: (channel, onMessage, signal) => channels.subscribe(channel, onMessage, signal),
    onInterruption: interruptions.listen,
    healthy: () => !closed && !isRefused() && nodes.healthy(),
    channelCount: () => channels.size,
    async close() {
      closed = true;
      buckets.close();
      interruptions.clear();
      channels.close();
      nodes.close();
    },
  };
}
