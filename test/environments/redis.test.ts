/** A Redis as somebody has it: over TLS, with a user of few rights, or something else at its address. */
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { examineRedis } from '../../src/cli/doctor/redis.ts';
import { readConfig } from '../../src/config.ts';
import type { ServerLogger } from '../../src/events/logger.ts';
import { connectRedisTransport } from '../../src/events/transports/redis.ts';
import { openRedisCounters } from '../../src/events/transports/redis-counters.ts';
import { redisTlsOptions } from '../../src/events/transports/redis-tls.ts';
import type { Transport } from '../../src/events/transports/transport.ts';
import { createRateLimits } from '../../src/server/limits/rate-limits.ts';
import { freePort, type Service, startOwnRedis } from '../chaos/services.ts';
import { Inbox } from '../events/inbox.ts';
import { certificate } from './services.ts';

const PREFIX = 'sb:env:';
/** As docs/redis.md lists them. */
const MINIMAL =
  '+info +publish +subscribe +unsubscribe +eval +evalsha +set +incrby +expire +pttl &sb:* ~sb:*';

const closers: (() => unknown)[] = [];
/** Of one test. */
const passing: (() => unknown)[] = [];
let redis: Service;
let tlsUrl: string;
let admin: Redis;
const warnings: string[] = [];
const note = (_details: object, message: string) => void warnings.push(message);
const logger: ServerLogger = { debug() {}, info() {}, warn: note, error: note };

beforeAll(async () => {
  const tlsPort = await freePort();
  redis = (await startOwnRedis({
    'tls-port': String(tlsPort),
    'tls-cert-file': certificate('server.pem'),
    'tls-key-file': certificate('server.key'),
    'tls-ca-cert-file': certificate('authority.pem'),
    'tls-auth-clients': 'optional',
  })) as Service;
  closers.push(redis.stop);
  tlsUrl = `rediss://127.0.0.1:${tlsPort}`;
  admin = new Redis(redis.url);
  closers.push(() => admin.disconnect());
});

// Redis ends the connections of a user who loses a channel: those of another test would tell of it in the next one.
afterEach(async () => {
  for (const close of passing.splice(0)) await close();
});

afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

async function grant(rights: string): Promise<void> {
  await admin.call('ACL', 'SETUSER', 'ann', 'reset', 'on', '>secret', ...rights.split(' '));
}

const asAnn = () => redis.url.replace('//', '//ann:secret@');

async function open(url: string, tls?: Parameters<typeof redisTlsOptions>[0]): Promise<Transport> {
  warnings.length = 0;
  const options = { url, tls: tls && redisTlsOptions(tls), prefix: PREFIX, logger };
  const transport = await connectRedisTransport(options);
  passing.push(transport.close);
  return transport;
}

async function expectDelivery(transport: Transport): Promise<void> {
  const inbox = new Inbox<string>();
  await transport.subscribe('news', inbox.put);
  await transport.publish('news', 'one');
  expect(await inbox.take(1)).toEqual(['one']);
  expect(transport.healthy()).toBe(true);
}

const says = async (settings: Record<string, string>) =>
  (await examineRedis(readConfig(settings))).map(({ state, says }) => `${state}: ${says}`);

describe('over TLS', () => {
  const CA = { caFile: certificate('authority.pem') };

  it('changes travel, and counters count, where the authority is named', async () => {
    await expectDelivery(await open(tlsUrl, CA));
    const counters = await openRedisCounters({
      url: tlsUrl,
      tls: redisTlsOptions(CA),
      prefix: PREFIX,
      logger,
    });
    passing.push(counters.close);
    expect(counters.healthy()).toBe(true);
    expect(await says({ REDIS_URL: tlsUrl, SIGNALBOX_REDIS_CA_FILE: CA.caFile })).toEqual([
      'good: a single server answers, over TLS',
    ]);
  });

  it('a certificate that nobody vouches for is refused with the way out, or taken as it is', async () => {
    await expect(open(tlsUrl)).rejects.toThrow(/SIGNALBOX_REDIS_CA_FILE/);
    const other = { caFile: certificate('other-authority.pem') };
    await expect(open(tlsUrl, other)).rejects.toThrow(/SIGNALBOX_REDIS_CA_FILE/);
    await expectDelivery(await open(tlsUrl, { mode: 'require' }));
  });

  it('a file that is not there is named', () => {
    expect(() => redisTlsOptions({ caFile: '/nowhere.pem' })).toThrow(
      'the file /nowhere.pem (SIGNALBOX_REDIS_CA_FILE) cannot be read (ENOENT)',
    );
  });

  it('the wrong word in the URL is reported at once, in both directions', async () => {
    const plain = redis.url.replace('redis:', 'rediss:');
    const encrypted = tlsUrl.replace('rediss:', 'redis:');
    await expect(open(plain)).rejects.toThrow(/speaks Redis without TLS: begin the URL with redis:\/\//);
    await expect(open(encrypted)).rejects.toThrow(/speaks TLS: begin the URL with rediss:\/\//);
    expect(await says({ REDIS_URL: encrypted })).toEqual([
      expect.stringMatching(/^bad: REDIS_URL cannot be used: .*speaks TLS/),
    ]);
  });
});

describe('as a user of few rights', () => {
  const limitsWith = (counters: { client(): object | undefined }) =>
    createRateLimits({
      tiers: { free: 2 },
      defaultTier: 'free',
      keyPrefix: `${PREFIX}rate:`,
      redis: counters.client,
    });

  it('those that are listed suffice for everything', async () => {
    await grant(MINIMAL);
    await expectDelivery(await open(asAnn()));
    const counters = await openRedisCounters({ url: asAnn(), prefix: PREFIX, logger });
    passing.push(counters.close);
    expect(counters.healthy()).toBe(true);
    const viewer = { id: 'bo', role: 'MEMBER' as const, rooms: ['a'] };
    await limitsWith(counters)
      .meter(viewer as never)
      ?.charge(2);
    expect(
      await limitsWith(counters)
        .meter(viewer as never)
        ?.charge(1),
    ).toMatchObject({
      extensions: { code: 'RATE_LIMITED' },
    });
    expect(warnings).toEqual([]);
    expect(await says({ REDIS_URL: asAnn() })).toEqual(['good: a single server answers']);
  });

  it.each([
    ['+publish', /may not use PUBLISH: changes do not travel .* ACL SETUSER ann \+publish$/],
    ['+subscribe', /may not use SUBSCRIBE: changes do not travel/],
    ['&sb:*', /PUBLISH on the channels sb:\*, SUBSCRIBE on the channels sb:\*.*ACL SETUSER ann &sb:\*$/],
  ])(
    'without %s changes are read from the log at the fast beat, and that is said',
    async (right, sentence) => {
      await grant(MINIMAL.replace(`${right} `, ''));
      const transport = await open(asAnn());
      expect(transport.healthy()).toBe(false);
      expect(warnings).toEqual([expect.stringMatching(sentence)]);
      expect(await says({ REDIS_URL: asAnn() })).toEqual([
        'good: a single server answers',
        expect.stringMatching(/^warning: The Redis user "ann" may not use/),
      ]);
    },
  );

  it.each(['+evalsha', '+incrby', '~sb:*'])(
    'without %s each server counts for itself, and that is said',
    async (right) => {
      await grant(
        MINIMAL.split(' ')
          .filter((one) => one !== right)
          .join(' '),
      );
      warnings.length = 0;
      const counters = await openRedisCounters({ url: asAnn(), prefix: PREFIX, logger });
      passing.push(counters.close);
      expect(counters.client()).toBeUndefined();
      expect(counters.healthy()).toBe(false);
      expect(warnings).toEqual([expect.stringMatching(/each server counts rate limits .* for itself/)]);
    },
  );

  it('rights that are given later are taken, and those that are taken away are missed', {
    timeout: 90_000,
  }, async () => {
    await grant(MINIMAL.replace('+publish ', ''));
    const transport = await open(asAnn());
    const inbox = new Inbox<string>();
    const subscribed = transport.subscribe('later', inbox.put);
    await grant(MINIMAL);
    await subscribed;
    await transport.publish('later', 'one');
    expect(await inbox.take(1)).toEqual(['one']);
    await admin.call('ACL', 'SETUSER', 'ann', '-publish');
    await transport.publish('later', 'two');
    expect(transport.healthy()).toBe(false);
    await admin.call('ACL', 'SETUSER', 'ann', '+publish');
    await transport.publish('later', 'three');
    expect(await inbox.take(1)).toEqual(['three']);
    await expect.poll(() => transport.healthy(), { timeout: 30_000 }).toBe(true);
  });
});
