/**
 * Channels in buckets: in a cluster every channel belongs to one of a fixed number of shard channels, so that however
 * many rooms a process watches, it has few subscriptions, and all of them together spread over all nodes.
 */
import { createHash } from 'node:crypto';

/** Enough that a watched bucket brings little of what nobody watches, and that they spread evenly. */
export const BUCKETS = 256;

/** All processes must agree on it. */
export function bucketOf(channel: string): number {
  return createHash('sha1').update(channel).digest().readUInt32BE(0) % BUCKETS;
}

/** The bucket's name upstream; what stands in braces decides the node. */
export function bucketChannel(prefix: string, bucket: number): string {
  return `${prefix}{${bucket}}`;
}

/** A message with the channel that it is for; the channel's name holds no line break. */
export function enclose(channel: string, message: string): string {
  return `${channel}\n${message}`;
}

/** What `enclose` put together. */
export function unwrap(enclosed: string): { channel: string; message: string } {
  const end = enclosed.indexOf('\n');
  return { channel: enclosed.slice(0, end), message: enclosed.slice(end + 1) };
}
