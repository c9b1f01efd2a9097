/**
 * What is submitted, while everything is killed, to a job whose tasks take turns: some scopes with much, many with little; tasks
 * of which one of a key may be there at a time; and bursts of debounced submissions.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, TaskSubmission } from '../../src/client/index.ts';
import { fromTypeId } from '../../src/domain/typeid.ts';
import type { Burst } from './keys-checker.ts';
import type { TurnTask } from './turns-checker.ts';

export const FAIR_JOB = '@global:general:turns';
const SCOPES = 12;
/** Tasks of the first scope in a batch. */
const MANY = 24;
const ONCE_KEYS = 3;

/** Fairness as the API takes it, and what tells scopes apart. */
export interface FairBy {
  input: object;
  scopeOf(task: TurnTask): string;
}

export const BY_KEY: FairBy = {
  input: { fairness: 'KEY', fairnessKeyPointer: '/scope' },
  scopeOf: ({ turnKey }) => turnKey ?? '',
};
export const BY_ROOM: FairBy = { input: { fairness: 'ROOM' }, scopeOf: ({ room }) => room };

const fairly = (n: number, room: string, over: Partial<TaskSubmission> & { payload: object }) => ({
  ...{ room, job: FAIR_JOB },
  ...over,
  payload: {
    n,
    fails: n % 10 === 0 ? 'sometimes' : 'never',
    scope: null,
    once: null,
    burst: null,
    ...over.payload,
  },
});

export interface FairWork {
  client: Client;
  /** Of the loop: no other submits bursts under it. */
  name: string;
  rooms: readonly string[];
  over: AbortSignal;
  random: () => number;
  acknowledged: Set<string>;
  bursts: Burst[];
}

/** Submits until it is over, each batch again and again until it is answered. */
export async function submitFairly(work: FairWork): Promise<void> {
  await Promise.all([submitBatches(work), submitBursts(work)]);
}

async function submitBatches({ client, name, rooms, over, random, acknowledged }: FairWork): Promise<void> {
  for (let batch = 0; !over.aborted; batch++) {
    const room = rooms[batch % rooms.length] as string;
    const inputs = Array.from({ length: MANY + SCOPES }, (_, n) =>
      fairly(n, room, {
        idempotencyKey: `${name} ${batch} ${n}`,
        payload: { scope: `scope-${Math.max(0, n - MANY)}` },
      }),
    );
    // The loops compete for these keys.
    for (let key = 0; key < ONCE_KEYS; key++) {
      const payload = { once: `${room} ${key}` };
      const held = { idempotencyKey: `once ${key}`, holdKey: 'UNTIL_FINISHED', priority: 1 } as const;
      inputs.push(fairly(key, room, { ...held, payload }));
    }
    await untilAnswered(over, async () => {
      for (const result of await client.submitMany(inputs)) {
        if (!('id' in result)) throw result;
        acknowledged.add(fromTypeId('task', result.id) as string);
      }
    });
    await sleep(random() * 250);
  }
}

async function submitBursts({
  client,
  name,
  rooms,
  over,
  random,
  acknowledged,
  bursts,
}: FairWork): Promise<void> {
  const room = rooms[0] as string;
  for (let n = 1; !over.aborted; n++) {
    const input = fairly(n, room, {
      ...{ idempotencyKey: `burst ${name}`, debounceSeconds: 1 },
      payload: { fails: 'sometimes', burst: name },
    });
    await untilAnswered(over, async () => {
      const { id } = await client.submit(input);
      const taskId = fromTypeId('task', id) as string;
      acknowledged.add(taskId);
      bursts.push({ taskId, n });
    });
    // Now and then for about as long as the burst must be over.
    await sleep(random() < 0.3 ? 900 + 300 * random() : 200 * random());
  }
}

async function untilAnswered(over: AbortSignal, submit: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await submit();
    } catch {
      if (over.aborted) return;
      await sleep(100);
    }
  }
}

/** One room with much work, and others with little, when nothing goes wrong. */
export async function submitByRooms(client: Client, acknowledged: Set<string>): Promise<void> {
  for (let batch = 0; batch < 5; batch++) {
    const many = Array.from({ length: 60 }, (_, n) => fairly(n, 'fair-0', { payload: { fails: 'never' } }));
    const few = Array.from({ length: 24 }, (_, n) =>
      fairly(n, `fair-${1 + (n % 8)}`, { payload: { fails: 'never' } }),
    );
    for (const result of await client.submitMany([...many, ...few])) {
      if (!('id' in result)) throw result;
      acknowledged.add(fromTypeId('task', result.id) as string);
    }
  }
}
