/** A server whose Redis is not there when it starts: it serves, and takes it when it comes. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Service, startOwnRedis } from '../chaos/services.ts';
import { Caller } from '../support/api.ts';
import { ADMIN_TOKEN } from '../support/app.ts';
import { PROTOCOLS } from '../support/client.ts';
import {
  availableDatabases,
  createTestDatabase,
  type TestDatabase,
  testRedisUrl,
} from '../support/database.ts';
import { buildProgram, cleanUp, type Program, startProgram } from './program.ts';

const TIMEOUT = 120_000;
const WITHIN_MS = 30_000;

const EVENT = '... on TaskTransitioned { task { id } }';

describe.runIf(testRedisUrl() && availableDatabases().includes('postgres'))(
  'a server without its Redis',
  () => {
    let database: TestDatabase;
    const closers: (() => unknown)[] = [];

    beforeAll(async () => {
      await buildProgram();
      database = await createTestDatabase('postgres');
    }, TIMEOUT);

    afterAll(async () => {
      await cleanUp();
      for (const close of closers) await close();
      await database.close();
    });

    const start = (redisUrl: string) =>
      startProgram({
        DATABASE_URL: database.url as string,
        REDIS_URL: redisUrl,
        SIGNALBOX_ADMIN_TOKEN: ADMIN_TOKEN,
      });

    async function transportOf(url: string): Promise<string> {
      return (await (await fetch(`${url}/health/ready`)).json()).transport;
    }

    /** Everything that is logged as a warning or worse. */
    function warnings(program: Program): { msg: string; err?: { message: string } }[] {
      const lines = program.stdout.split('\n').filter((line) => line.startsWith('{'));
      return lines.map((line) => JSON.parse(line)).filter(({ level }) => level >= 40);
    }

    it(
      'starts, works from the log, and takes it when it comes',
      async () => {
        const redis = (await startOwnRedis()) as Service;
        closers.push(redis.stop);
        await redis.kill();
        const address = redis.url.replace('//', '//default:hunter2@');
        const programs = [await start(address), await start(address)];
        const [one, other] = (await Promise.all(programs.map(({ ready }) => ready))).map(
          (url) => new Caller(url, '@admin', ADMIN_TOKEN),
        ) as [Caller, Caller];
        for (const program of programs) {
          expect(warnings(program)).toMatchObject([
            { msg: expect.stringMatching(/^Redis cannot be reached/) },
          ]);
          expect(program.stdout).not.toContain('hunter2');
        }
        await one.registerJob({ room: 'late', name: 'work' });
        const after = (await one.ask('{ tasks(first: 1) { streamCursor } }')).streamCursor;
        const query = `subscription ($after: Cursor) { roomEvents(room: "late", after: $after) { ${EVENT} } }`;
        const streams = PROTOCOLS.flatMap((protocol) =>
          [one, other].map((caller) => caller.subscribe(protocol, query, { after })),
        );
        const expectSeen = async () => {
          const { task } = await one.submit({ room: 'late', job: 'late:general:work' });
          for (const stream of streams) {
            let event = await stream.event(WITHIN_MS);
            // After a position some may come again.
            while (event.task.id !== task.id) event = await stream.event(WITHIN_MS);
          }
        };
        await expectSeen();
        expect(await Promise.all([one.url, other.url].map(transportOf))).toEqual(['degraded', 'degraded']);
        await redis.start();
        for (const { url } of [one, other]) {
          await expect.poll(() => transportOf(url), { timeout: WITHIN_MS }).toBe('ok');
        }
        await expectSeen();
        for (const stream of streams) stream.close();
      },
      TIMEOUT,
    );

    it(
      'starts though whatever listens there says nothing',
      async () => {
        const sockets = new Set<Socket>();
        const server = createServer((socket) => sockets.add(socket.on('error', () => {})));
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        closers.push(() => {
          for (const socket of sockets) socket.destroy();
          server.close();
        });
        const program = await start(`redis://127.0.0.1:${(server.address() as AddressInfo).port}`);
        expect(await transportOf(await program.ready)).toBe('degraded');
        expect(await program.end('SIGTERM')).toMatchObject({ code: 0 });
      },
      TIMEOUT,
    );
  },
);
