/** The feed of the audit log: each event once to each follower, and from wherever it resumes none is missed. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../src/domain/audit.ts';
import { LOG_START, type Position } from '../../../src/domain/position.ts';
import { newUuid } from '../../../src/domain/typeid.ts';
import { AUDIT_CHANNEL } from '../../../src/events/messages/message.ts';
import { createPublisher } from '../../../src/events/publishing/publisher.ts';
import { createAuditFeed } from '../../../src/events/streams/audit-feeds.ts';
import { type AuditStreamItem, openAuditStream } from '../../../src/events/streams/audit-streams.ts';
import type { Feed } from '../../../src/events/streams/feed.ts';
import { readAuditEntries } from '../../../src/store/audit/entries.ts';
import type { DatabaseSession } from '../../../src/store/database/database.ts';
import { deleteRows } from '../../../src/store/tasks/clean-up/clean-up.ts';
import { testRedisUrl } from '../../support/database.ts';
import { untilBelowHorizon } from '../../support/horizon.ts';
import { deferred } from '../inbox.ts';
import { combinations, useTestServers } from '../test-servers.ts';
import { startProxy } from '../transports/redis-proxy.ts';

type Recorded = Extract<AuditStreamItem, { kind: 'event' }>;

const NEVER_MS = 600_000;

// Ids that the database gives within one millisecond have any order; deletion goes by it.
const WRITE = {
  name: 'write_event',
  text: `INSERT INTO event (id, type, severity, actor)
    VALUES ($3::uuid, 'OPERATION_STARTED', $2::event_severity, $1) RETURNING id`,
};

const COUNT_UP_TO = {
  name: 'count_events_up_to',
  text: 'SELECT count(*)::int AS count FROM event WHERE id <= $1::uuid',
};

/** The next events of a stream. */
async function take(stream: AsyncIterator<AuditStreamItem>, count: number): Promise<Recorded[]> {
  const taken: Recorded[] = [];
  while (taken.length < count) {
    const { value, done } = await stream.next();
    if (done || value.kind !== 'event') throw new Error(`It ended after ${taken.length} of ${count} events.`);
    taken.push(value);
  }
  return taken;
}

const idsOf = (items: readonly Recorded[]) => items.map(({ event }) => event.id);

describe.each(combinations)('the feed of events on $database with $transport', ({ database, transport }) => {
  const servers = useTestServers(database, transport);
  const feeds: Feed<AuditEntry>[] = [];
  let actor = '';
  beforeEach(() => {
    actor = newUuid();
  });
  afterEach(() => {
    for (const feed of feeds.splice(0)) feed.close();
  });

  /** Writes an event of this test; gives its id. */
  async function write(session: DatabaseSession, severity: AuditEntry['severity'] = 'INFO'): Promise<string> {
    const [row] = await session.query<{ id: string }>(WRITE, [actor, severity, newUuid()]);
    return row?.id as string;
  }

  /** A server that follows the log; without a beat only a message wakes it. */
  async function newFeed({
    beatMs = NEVER_MS,
    redisUrl,
    read = (after, limit) => readAuditEntries(servers.db, after, limit),
  }: {
    beatMs?: number;
    redisUrl?: string;
    read?: (after: Position, limit: number) => ReturnType<typeof readAuditEntries>;
  } = {}) {
    const server = await servers.newServer({ redisUrl });
    const feed = createAuditFeed({
      transport: server.transport,
      read,
      horizon: servers.log.horizon,
      healthyBeatMs: beatMs,
      unhealthyBeatMs: 20,
    });
    feeds.push(feed);
    const publisher = createPublisher({ transport: server.transport });
    return {
      open: (after?: Position) => openAuditStream({ feed, after, accept: (event) => event.actor === actor }),
      announce: () => publisher.announce(AUDIT_CHANNEL),
      stats: feed.stats,
    };
  }

  it('resumed after any event gives every later one', async () => {
    const { open } = await newFeed({ beatMs: 10 });
    const live = open();
    await live.ready;
    const written: string[] = [];
    for (let n = 0; n < 4; n++) {
      await servers.db.transaction(async (session) => {
        for (let m = 0; m < 3; m++) written.push(await write(session));
      });
    }
    const seen = await take(live, written.length);
    expect(idsOf(seen)).toEqual(written);
    for (const [index, { position }] of seen.entries()) {
      const resumed = open(position);
      const missed = new Set(written.slice(index + 1));
      while (missed.size > 0) for (const id of idsOf(await take(resumed, 1))) missed.delete(id);
      await resumed.return?.();
    }
    await live.return?.();
  });

  it('of another server is woken by the message, and by its beat when the message was lost', async () => {
    const [writer, woken, beating] = [
      await newFeed(),
      await newFeed(),
      await newFeed({ beatMs: 10 }),
    ] as const;
    const streams = [woken.open(), beating.open()] as const;
    await Promise.all(streams.map(({ ready }) => ready));
    // The first is there when they begin to read; then nothing but a message or a beat makes them read again.
    const first = await write(servers.db);
    for (const stream of streams) expect(idsOf(await take(stream, 1))).toEqual([first]);
    const lost = await write(servers.db);
    expect(idsOf(await take(streams[1], 1))).toEqual([lost]);
    const waiting = take(streams[0], 2);
    const told = await write(servers.db);
    await writer.announce();
    expect(idsOf(await waiting)).toEqual([lost, told]);
    expect(idsOf(await take(streams[1], 1))).toEqual([told]);
    for (const stream of streams) await stream.return?.();
    expect([woken.stats(), beating.stats()]).toEqual([{ followers: 0 }, { followers: 0 }]);
  });

  it('asks who resumes below what was deleted to read again, and goes on above it', async () => {
    const { open } = await newFeed({ beatMs: 10 });
    const start = await eventHorizon();
    const [gone, kept] = [await write(servers.db), await write(servers.db)];
    const before = open(start);
    const [first] = await take(before, 1);
    expect(first?.event.id).toBe(gone);
    await before.return?.();
    await deleteUpTo(gone);
    for (const after of [LOG_START, start]) {
      const stream = open(after);
      expect((await stream.next()).value).toMatchObject({
        kind: 'resync',
        reason: expect.stringMatching(/log/),
      });
      expect((await stream.next()).done).toBe(true);
    }
    const { xid, serial } = (first as Recorded).event;
    const above = open({ xid, id: serial });
    expect(idsOf(await take(above, 1))).toEqual([kept]);
    await above.return?.();
  });

  it('tells a follower that had not read so far when what it waits for is deleted', async () => {
    const mayRead = deferred();
    let held = false;
    const feed = await newFeed({
      beatMs: 10,
      async read(after, limit) {
        if (held) await mayRead.promise;
        return readAuditEntries(servers.db, after, limit);
      },
    });
    const stream = feed.open();
    await stream.ready;
    held = true;
    const pending = stream.next();
    await deleteUpTo(await write(servers.db));
    mayRead.resolve();
    expect((await pending).value).toMatchObject({ kind: 'resync' });
    expect((await stream.next()).done).toBe(true);
    expect(feed.stats()).toEqual({ followers: 0 });
  });

  /** A position behind which no event stands that was written so far. */
  async function eventHorizon(): Promise<Position> {
    await untilBelowHorizon(servers.db, 'event');
    return servers.log.horizon();
  }

  /** Deletes the oldest events up to this one, as the clean-up does: long after they were written. */
  async function deleteUpTo(id: string): Promise<void> {
    const [written] = await servers.db.query<{ count: number }>(COUNT_UP_TO, [id]);
    const { count } = written as { count: number };
    await untilBelowHorizon(servers.db, 'event');
    const at = new Date(Date.now() + 86_400_000);
    const retention = { completed: at, failed: at, deadLetters: at, statistics: at, events: at };
    expect(await deleteRows(servers.db, 'events', { retention, room: null }, count)).toBe(count);
  }

  it.runIf(database === 'postgres')(
    'gives once each what overlapping transactions commit out of order, and resumes between them',
    async () => {
      const { open } = await newFeed({ beatMs: 10 });
      const start = await eventHorizon();
      const streams = [open(), open(start)] as const;
      await Promise.all(streams.map(({ ready }) => ready));
      const order: string[] = [];
      const early: Recorded[] = [];
      // The outermost began first and commits last; those within it have higher transactions and are seen before.
      await servers.db.transaction(async (first) => {
        const firstId = await write(first);
        await servers.db.transaction(async (second) => {
          const secondId = await write(second);
          order.push(await write(servers.db));
          early.push(...(await take(streams[0], 1)));
          order.push(secondId, await write(second));
        });
        early.push(...(await take(streams[0], 2)));
        order.push(firstId, await write(first));
      });
      const seen = [...early, ...(await take(streams[0], 2))];
      expect(idsOf(seen)).toEqual(order);
      expect(idsOf(await take(streams[1], order.length)).sort()).toEqual([...order].sort());
      for (const [index, { position }] of seen.entries()) {
        const resumed = open(position);
        const missed = new Set(order.slice(index + 1));
        while (missed.size > 0) for (const id of idsOf(await take(resumed, 1))) missed.delete(id);
        await resumed.return?.();
      }
      // None comes twice, now that the horizon has passed them all: the next is the new one.
      const next = await write(servers.db);
      for (const stream of streams) {
        expect(idsOf(await take(stream, 1))).toEqual([next]);
        await stream.return?.();
      }
    },
  );

  it.runIf(database === 'postgres')(
    'misses and repeats nothing of many writers, for followers that come while they write',
    async () => {
      const { open } = await newFeed({ beatMs: 5 });
      const start = await eventHorizon();
      const followers = [readToLast(open(start))];
      const writeAll = async (lane: number) => {
        const ids: string[] = [];
        for (let n = 0; n < 12; n++) {
          await servers.db.transaction(async (session) => {
            for (let m = 0; m <= (n + lane) % 4; m++) ids.push(await write(session));
          });
          if (n % 4 === lane) followers.push(readToLast(open(start)));
        }
        return ids;
      };
      const written = (await Promise.all([0, 1, 2, 3].map(writeAll))).flat();
      const last = await write(servers.db, 'WARNING');
      for (const seen of await Promise.all(followers)) expect(seen.sort()).toEqual([...written, last].sort());
    },
  );

  /** Everything up to the first warning. */
  async function readToLast(stream: AsyncIterableIterator<AuditStreamItem>): Promise<string[]> {
    const ids: string[] = [];
    for (;;) {
      const [item] = await take(stream, 1);
      ids.push(item?.event.id as string);
      if (item?.event.severity === 'WARNING') break;
    }
    await stream.return?.();
    return ids;
  }

  it.runIf(transport === 'redis')('misses nothing while the connections to Redis are cut', async () => {
    const proxy = await startProxy(testRedisUrl() as string);
    const [here, there] = [await newFeed({ redisUrl: proxy.url }), await newFeed()] as const;
    const stream = here.open();
    await stream.ready;
    const seen = take(stream, 20);
    const written: string[] = [];
    for (let n = 0; n < 20; n++) {
      if (n % 5 === 2) proxy.cut();
      written.push(await write(servers.db));
      await there.announce();
    }
    expect(idsOf(await seen)).toEqual(written);
    await stream.return?.();
    await proxy.close();
  });
});
