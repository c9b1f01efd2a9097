/** The buckets that are listened to, each subscribed at the master that serves it now, and at a new one before it leaves the old. */
import { present } from '../../domain/present.ts';
import type { ClusterNodes } from './redis-cluster-nodes.ts';
import type { Unsubscribe } from './transport.ts';

/** A bucket that is listened to. */
interface Bucket {
  readonly number: number;
  /** URL of the master where it is, or is being, subscribed. */
  at: string | undefined;
  /** Raised with each move: what an earlier one brings is let go. */
  turn: number;
  /** Channels that lie in it and are subscribed. */
  users: number;
  /** Resolves with the acknowledgement of its present place. */
  placed: Promise<void>;
  release: Unsubscribe | undefined;
}

export interface ClusterBuckets {
  /** A channel in the bucket is wanted. Resolves when the bucket is subscribed. */
  enter(number: number): Promise<void>;
  /** A channel in the bucket is wanted no more. */
  leave(number: number): void;
  close(): void;
}

export interface ClusterBucketsOptions {
  nodes: Pick<ClusterNodes, 'ownerOf' | 'at' | 'refresh' | 'onOwners'>;
  /** Channel of each bucket. */
  channels: readonly string[];
  onMessage(enclosed: string): void;
  /** A bucket has moved: what was published meanwhile may have been missed. */
  onInterruption(): void;
}

const RETRY_AFTER_MS = 500;

export function createClusterBuckets(options: ClusterBucketsOptions): ClusterBuckets {
  const { nodes, channels, onMessage, onInterruption } = options;
  const buckets = new Map<number, Bucket>();
  let closed = false;

  function move(bucket: Bucket): void {
    const { release } = bucket;
    bucket.release = undefined;
    bucket.placed = place(bucket).then(() => {
      void release?.();
      onInterruption();
    });
  }

  /** Resolves when the bucket is subscribed where it lives, or is wanted elsewhere or no more. */
  async function place(bucket: Bucket): Promise<void> {
    const turn = ++bucket.turn;
    const isCurrent = () => !closed && bucket.turn === turn;
    while (isCurrent()) {
      bucket.at = nodes.ownerOf(bucket.number);
      const release = await nodes
        .at(bucket.at)
        ?.channels.subscribe(present(channels[bucket.number]), onMessage)
        .catch(() => undefined); // logged by the channels
      if (release && isCurrent()) bucket.release = release;
      else void release?.();
      if (release || !isCurrent()) return;
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS).unref());
      await nodes.refresh();
    }
  }

  nodes.onOwners(() => {
    for (const bucket of buckets.values()) {
      const owner = nodes.ownerOf(bucket.number);
      if (owner && bucket.at !== owner) move(bucket);
    }
  });

  return {
    enter(number) {
      const present = buckets.get(number);
      if (present) {
        present.users++;
        return present.placed;
      }
      const bucket: Bucket = {
        ...{ number, at: undefined, turn: 0, users: 1 },
        ...{ placed: Promise.resolve(), release: undefined },
      };
      buckets.set(number, bucket);
      bucket.placed = place(bucket);
      return bucket.placed;
    },
    leave(number) {
      const bucket = buckets.get(number);
      if (!bucket || --bucket.users > 0) return;
      buckets.delete(number);
      bucket.turn++;
      void bucket.release?.();
    },
    close() {
      closed = true;
    },
  };
}
