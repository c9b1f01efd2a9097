/** A batch of changes in a group: in order and each by itself, whether or not something has to be read for it. */
import { type ExecutionArgs, parse } from 'graphql';
import { expect, it } from 'vitest';
import type { TaskChange } from '../../../src/domain/task.ts';
import { SubscriberQueue } from '../../../src/events/hub/subscriber-queue.ts';
import type { Judge } from '../../../src/events/streams/stream.ts';
import { type Context, createContext, type Services } from '../../../src/graphql/context.ts';
import { schema } from '../../../src/graphql/schema.ts';
import { createGroups, type ExecuteEvent } from '../../../src/server/subscriptions/execution-registry.ts';
import { createStreamCounts } from '../../../src/server/subscriptions/stats.ts';
import { label, transition } from '../../events/changes.ts';

const viewer = { id: 'ann', role: 'MEMBER', rooms: ['room-1'], expiresAt: null } as const;
const document = parse('subscription { roomEvents(room: "room-1") { __typename } }');

/** Joins a group over a watch that the test pushes to; `judge` and `execute` are the test's. */
async function joined({ judge = () => true, execute }: Pieces) {
  let upstream: SubscriberQueue | undefined;
  const services = {
    hub: {
      async watch() {
        upstream = new SubscriberQueue({ ...WATCH, onClose() {} });
        return upstream;
      },
      readVersions: WATCH.readVersions,
    },
  } as unknown as Services;
  const groups = createGroups(execute, createStreamCounts());
  const args = { schema, document, contextValue: createContext(services, viewer) } as ExecutionArgs;
  const member = await groups.join(args, { rooms: ['room-1'], viewer, judge });
  const push = (changes: readonly TaskChange[]) => {
    for (const change of changes) upstream?.push(change);
  };
  return { member, push };
}

interface Pieces {
  judge?: Judge;
  execute: ExecuteEvent;
}

const WATCH = {
  limit: 1_000,
  watermark: () => ({ xid: '1', id: '0' }),
  readVersions: async () => [],
};
const PAYLOAD = { bytes: Buffer.from('{}'), cursor: null };
const CHANGES = Array.from({ length: 200 }, (_, index) => transition(`task-${index}`, 1));
const LABELS = CHANGES.map(label);
const later = <T>(value: T) => new Promise<T>((resolve) => setImmediate(() => resolve(value)));

it('comes in order, though some have to be waited for', async () => {
  let asked = 0;
  let executed = 0;
  const { member, push } = await joined({
    judge: () => (++asked % 7 === 0 ? later(true) : true),
    execute: () => (++executed % 5 === 0 ? later(PAYLOAD) : PAYLOAD),
  });
  push(CHANGES);
  const seen: string[] = [];
  while (seen.length < CHANGES.length) seen.push(label((await member.next()) as TaskChange));
  expect(seen).toEqual(LABELS);
});

it('is granted nothing that another was, and answered from nothing that was read for another', async () => {
  const contexts: Context[] = [];
  const { member, push } = await joined({
    execute(_args, _change, context) {
      expect([...context.granted]).toEqual([]);
      context.granted.add('job-1');
      const mustBeFresh = contexts.length % 3 !== 0;
      if (mustBeFresh) expect(contexts).not.toContain(context);
      contexts.push(context);
      return contexts.length % 3 === 0 ? PAYLOAD : later(PAYLOAD);
    },
  });
  push(CHANGES);
  for (const expected of LABELS) expect(label((await member.next()) as TaskChange)).toBe(expected);
  expect(contexts).toHaveLength(CHANGES.length);
});
