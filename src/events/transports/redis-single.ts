/** The transport over one Redis: one connection that publishes and one that listens. */

import type { Redis } from 'ioredis';
import { present } from '../../domain/present.ts';
import { createInterruptions } from './interruptions.ts';
import { createPublishPipeline } from './publish-pipeline.ts';
import { openRedisConnection } from './redis-connection.ts';
import { openRedisListener } from './redis-listener.ts';
import type { ConnectedRedisOptions } from './redis-options.ts';
import type { Transport } from './transport.ts';

/** The connections are named `<name>-subscriber` and `<name>-publisher`. Resolves when both have been tried. */
export async function connectSingleTransport({
  urls,
  prefix,
  name,
  connectTimeoutMs,
  pingIntervalMs,
  tls,
  info,
  logger,
}: ConnectedRedisOptions): Promise<Transport> {
  const interruptions = createInterruptions(logger);
  const common = { url: present(urls[0]), connectTimeoutMs, pingIntervalMs, tls, info, logger };
  const subscriber = openRedisListener({
    ...common,
    name: `${name}-subscriber`,
    sharded: false,
    onInterruption: interruptions.report,
  });
  const publisher = openRedisConnection({
    ...common,
    name: `${name}-publisher`,
    onReady: interruptions.report,
    onLost: interruptions.report,
  });
  let closed = false;
  const { send, isRefused } = createPublishPipeline(async (channel, message) => {
    if (!publisher.ready()) throw new Error('Not connected');
    gather(publisher.redis.stream);
    return publisher.redis.publish(channel, message);
  }, logger);
  await Promise.all([subscriber.connection.attempted, publisher.attempted]);

  return {
    publish: (channel, message) => (closed ? Promise.resolve(undefined) : send(prefix + channel, message)),
    subscribe: (channel, onMessage, signal) =>
      subscriber.channels.subscribe(prefix + channel, onMessage, signal),
    onInterruption: interruptions.listen,
    healthy: () => !closed && !isRefused() && subscriber.listening() && publisher.ready(),
    channelCount: () => subscriber.channels.size,
    async close() {
      closed = true;
      interruptions.clear();
      publisher.close();
      subscriber.close();
    },
  };
}

/** What is published at once, as all that one commit has to say, leaves by one write. */
function gather(stream: Redis['stream']): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}
