/** The transport by NOTIFY, between servers on one PostgreSQL; what all transports do is in transport.test.ts. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { HINT, READ, roomChannel } from '../../../src/events/messages/message.ts';
import { createPostgresTransport } from '../../../src/events/transports/postgres.ts';
import type { Transport } from '../../../src/events/transports/transport.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { openNotices } from '../../../src/store/database/notices.ts';
import { openPostgres } from '../../../src/store/database/postgres.ts';
import { availableDatabases } from '../../support/database.ts';
import { submissionOf } from '../../support/test-store.ts';
import { Inbox, once, recordingLogger } from '../inbox.ts';
import { useTestServers } from '../test-servers.ts';

const ROOM = roomChannel('a');
const TIMEOUT = 60_000;

describe.runIf(availableDatabases().includes('postgres'))('the transport by way of PostgreSQL', () => {
  const url = inject('testPostgres')?.url as string;
  const closers: (() => Promise<unknown>)[] = [];
  let admin: pg.Client;
  let database: Database;
  let openOn: NonNullable<Database['openNotices']>;
  let channel: string;
  let channels = 0;

  beforeAll(async () => {
    admin = new pg.Client({ connectionString: url });
    await admin.connect();
    database = await openPostgres({ url });
    openOn = database.openNotices as typeof openOn;
  });

  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  afterAll(() => Promise.all([database.close(), admin.end()]));

  function open(logger = recordingLogger()): Transport {
    const transport = createPostgresTransport({
      openSession: (listener) => openOn(channel, listener),
      logger,
      introductionMs: 50,
    });
    closers.push(() => transport.close());
    return transport;
  }

  async function untilHealthy(transport: Transport): Promise<void> {
    while (!transport.healthy()) await once(transport.onInterruption);
  }

  /** Two servers that know of each other. */
  async function openTwo(): Promise<[Transport, Transport]> {
    channel = `sb_test_${process.pid}_${++channels}`;
    const pair: [Transport, Transport] = [open(), open()];
    await Promise.all(pair.map(untilHealthy));
    // Undefined: there may be others who listen.
    for (const transport of pair)
      while ((await transport.publish('introduction', '1')) === 0) await sleep(10);
    return pair;
  }

  async function terminate(how = 'signalbox notices'): Promise<void> {
    await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1`, [
      how,
    ]);
  }

  it(
    'carries small messages to other servers in order, each once, and none back',
    async () => {
      const [one, other] = await openTwo();
      const [here, there] = [new Inbox<string>(), new Inbox<string>()];
      await one.subscribe('job:1', here.put);
      await other.subscribe('job:1', there.put);
      const sent = Array.from({ length: 300 }, (_, n) => `message ${n} ü\n"`);
      for (const message of sent) void one.publish('job:1', message);
      expect(await there.take(300)).toEqual(sent);
      expect(await here.take(300)).toEqual(sent);
      await one.publish('job:1', 'last');
      expect(await there.take(1)).toEqual(['last']);
      expect([here.size, there.size].map((size) => size <= 1)).toEqual([true, true]);
    },
    TIMEOUT,
  );

  it(
    'has those who were there before read what a newcomer may have done alone',
    async () => {
      channel = `sb_test_${process.pid}_${++channels}`;
      const one = open();
      await untilHealthy(one);
      // Its introduction is over.
      await once(one.onInterruption);
      const reads = once(one.onInterruption);
      const other = open();
      await reads;
      const inbox = new Inbox<string>();
      await one.subscribe(ROOM, inbox.put);
      await other.publish(ROOM, 'now it knows');
      expect(await inbox.take(1)).toEqual(['now it knows']);
    },
    TIMEOUT,
  );

  it(
    'says of what is large, or only announced, that the log has it',
    async () => {
      const [one, other] = await openTwo();
      const inbox = new Inbox<string>();
      await other.subscribe(ROOM, inbox.put);
      // Of characters that take six each when they are written.
      await one.publish(ROOM, '\u0001'.repeat(3_000));
      expect(await inbox.take(1)).toEqual([READ]);
      await one.publish(ROOM, HINT);
      expect(await inbox.take(1)).toEqual([READ]);
      await one.publish('worker:1', 'x'.repeat(10_000));
      await one.publish(ROOM, 'small');
      expect(await inbox.take(1)).toEqual(['small']);
    },
    TIMEOUT,
  );

  it(
    'makes others read when more waits than can be carried',
    async () => {
      const [one, other] = await openTwo();
      const interrupted = once(other.onInterruption);
      for (let n = 0; n < 5_000; n++) void one.publish(ROOM, `message ${n}`);
      await interrupted;
    },
    TIMEOUT,
  );

  it(
    'tells of a lost session, is not healthy meanwhile, and mends it',
    async () => {
      const [one, other] = await openTwo();
      const inbox = new Inbox<string>();
      await other.subscribe(ROOM, inbox.put);
      for (let round = 0; round < 3; round++) {
        const lost = [one, other].map((transport) => once(transport.onInterruption));
        await terminate();
        await Promise.all(lost);
        await Promise.all([one, other].map(untilHealthy));
        // What was published meanwhile may be lost; what comes now is not.
        await one.publish(ROOM, `after ${round}`);
        await inbox.takeUntil((message) => message === `after ${round}`);
      }
    },
    TIMEOUT,
  );

  it(
    'sends nothing while a server is alone',
    async () => {
      channel = `sb_test_${process.pid}_${++channels}`;
      const heard: string[] = [];
      admin.on('notification', ({ payload }) => heard.push(payload ?? ''));
      await admin.query(`LISTEN ${channel}`);
      const transport = open();
      await untilHealthy(transport);
      expect(await transport.publish(ROOM, 'alone')).toBe(0);
      await admin.query(`SELECT pg_notify('${channel}', 'end')`);
      while (heard.at(-1) !== 'end') await sleep(10);
      await admin.query('UNLISTEN *');
      expect(heard.filter((word) => !word.startsWith('?'))).toEqual(['end']);
    },
    TIMEOUT,
  );

  it(
    'is not healthy where PostgreSQL cannot be reached, and drops words that are none',
    async () => {
      channel = `sb_test_${process.pid}_${++channels}`;
      const logger = recordingLogger();
      const lost = createPostgresTransport({
        openSession: (listener) =>
          openNotices({ connect: () => Promise.reject(new Error('It is away')), channel, ...listener }),
        logger,
      });
      closers.push(() => lost.close());
      await once(lost.onInterruption);
      expect(lost.healthy()).toBe(false);
      expect(logger.lines.at(-1)?.message).toMatch(/read every second instead/);
      const transport = open(logger);
      await untilHealthy(transport);
      for (const word of ['', '{}', '[1]', '["x",[["a"]]]', '["x",[["a",1]]]', '[']) {
        await admin.query('SELECT pg_notify($1, $2)', [channel, word]);
      }
      while (logger.lines.filter(({ message }) => message.includes('not understood')).length < 6)
        await sleep(10);
    },
    TIMEOUT,
  );
});

describe.runIf(availableDatabases().includes('postgres'))('servers that hear of each other by it', () => {
  const servers = useTestServers('postgres', 'memory');
  const HOUR_MS = 3_600_000;

  it(
    'show what the others commit without waiting for the beat at which they look for themselves',
    async () => {
      const openSession = servers.db.openNotices as NonNullable<Database['openNotices']>;
      const transports = [1, 2].map(() =>
        createPostgresTransport({
          openSession: (listener) => openSession('sb_test_servers', listener),
          introductionMs: 1,
        }),
      ) as [Transport, Transport];
      const [one, other] = await Promise.all(
        transports.map((transport) =>
          servers.newServer({ transport, healthyBeatMs: HOUR_MS, unhealthyBeatMs: HOUR_MS }),
        ),
      );
      for (const transport of transports)
        while ((await transport.publish('introduction', '1')) === 0) await sleep(10);
      const job = await servers.newJob();
      const watch = await other?.hub.watch({ rooms: [job.room] });
      // One after the other: the first ones may have been found for another reason.
      for (let n = 0; n < 20; n++) {
        const submitted = await one?.store.submitTask(submissionOf(job));
        if (submitted?.kind !== 'created') throw new Error(`The submission gave ${submitted?.kind}.`);
        expect((await watch?.next())?.task.id).toBe(submitted.change.task.id);
      }
      for (const transport of transports) await transport.close();
    },
    TIMEOUT,
  );
});
