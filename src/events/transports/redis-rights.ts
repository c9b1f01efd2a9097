/**
 * The rights that the server needs of its Redis user, and a probe that finds out which of them are missing: it does each
 * thing once, where nobody takes notice of it.
 *
 * Redis checks rights before anything else, so whatever it answers but NOPERM shows that the command may be used. In a
 * cluster that is often MOVED.
 */

import type { Redis } from 'ioredis';
import { errorMessage } from '../../domain/thrown.ts';

/** What the rights are for: to spread changes between servers, or to count rate limits and failed sign-ins together. */
export type RedisPurpose = 'changes' | 'counters';

/** One thing that the user may not do. */
export interface MissingRight {
  purpose: RedisPurpose;
  /** In capitals, with its subcommand. */
  command: string;
  /** What is refused: the command itself, or its use on our channels or keys. */
  refused: 'command' | 'channel' | 'key';
}

interface Need {
  purpose: RedisPurpose;
  command: string[];
}

/** One that no script can have. */
const NO_SCRIPT = '0'.repeat(40);

function needsOf(prefix: string, cluster: boolean): Need[] {
  // As the channels and keys are in use, see redis-cluster.ts: what stands in braces decides the node.
  const name = cluster ? `${prefix}{probe}` : `${prefix}probe`;
  const sharded = cluster ? 'S' : '';
  return [
    { purpose: 'changes', command: [`${sharded}PUBLISH`, name, ''] },
    ...(cluster ? [{ purpose: 'changes' as const, command: ['CLUSTER SLOTS'] }] : []),
    // What the script that counts is made of: rights are checked inside of scripts, too.
    { purpose: 'counters', command: ['EVALSHA', NO_SCRIPT, '1', name] },
    { purpose: 'counters', command: ['EVAL', 'return 1', '1', name] },
    { purpose: 'counters', command: ['SET', name, '0', 'EX', '1', 'NX'] },
    { purpose: 'counters', command: ['INCRBY', name, '0'] },
    { purpose: 'counters', command: ['EXPIRE', name, '1'] },
    { purpose: 'counters', command: ['PTTL', name] },
    // Last: afterwards the connection does little else.
    { purpose: 'changes', command: [`${sharded}SUBSCRIBE`, name] },
    { purpose: 'changes', command: [`${sharded}UNSUBSCRIBE`, name] },
  ];
}

/** @param redis a connection that is used for nothing else, and closed afterwards */
export async function findMissingRights(
  redis: Redis,
  { prefix, cluster }: { prefix: string; cluster: boolean },
): Promise<MissingRight[]> {
  const missing: MissingRight[] = [];
  for (const { purpose, command } of needsOf(prefix, cluster)) {
    const [name = '', ...args] = command;
    const [verb = '', ...subcommand] = name.split(' ');
    try {
      await redis.call(verb, ...subcommand, ...args);
    } catch (error) {
      const refused = refusedBy(errorMessage(error));
      if (refused) missing.push({ purpose, command: name, refused });
    }
  }
  return missing;
}

function refusedBy(message: string): MissingRight['refused'] | undefined {
  if (!message.startsWith('NOPERM')) return undefined;
  if (/access a channel|channels? used/i.test(message)) return 'channel';
  return /access a key|keys? used/i.test(message) ? 'key' : 'command';
}

const CONSEQUENCE: Record<RedisPurpose, string> = {
  changes: 'changes do not travel through it, and streams read the log every second',
  counters: 'each server counts rate limits and failed sign-ins for itself',
};

/** One sentence for each purpose that something is missing for, with the way out. */
export function describeMissingRights(missing: readonly MissingRight[], url: string): string[] {
  const user = decodeURIComponent(new URL(url).username) || 'default';
  return (Object.keys(CONSEQUENCE) as RedisPurpose[]).flatMap((purpose) => {
    const own = missing.filter((right) => right.purpose === purpose);
    if (own.length === 0) return [];
    const things = own.map(({ command, refused }) =>
      refused === 'command' ? command : `${command} on the ${refused}s sb:*`,
    );
    const grants = new Set(own.map(grantOf));
    return [
      `The Redis user "${user}" may not use ${things.join(', ')}: ${CONSEQUENCE[purpose]}. Grant it: ACL SETUSER ${user} ${[...grants].join(' ')}`,
    ];
  });
}

function grantOf({ command, refused }: MissingRight): string {
  if (refused === 'channel') return '&sb:*';
  if (refused === 'key') return '~sb:*';
  return `+${command.toLowerCase().replace(' ', '|')}`;
}
