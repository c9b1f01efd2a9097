/**
 * Random and damaged input for a bounded time: no failure of the server, nothing that is thrown past it, nothing that
 * grows. SIGNALBOX_TEST_FUZZ_SECONDS makes it longer; SIGNALBOX_TEST_FUZZ_SEED begins with the seed of a failure.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ADMIN_TOKEN, startApp, type TestApp, tokenFor } from '../support/app.ts';
import { createTestDatabase } from '../support/database.ts';
import { createRandom, damage, frame, head, operation, type Random } from './fuzz-input.ts';
import { connectSocket, openSocket } from './socket.ts';
import { dial, readToEnd } from './wire.ts';

const SECONDS = Number(process.env['SIGNALBOX_TEST_FUZZ_SECONDS'] ?? 10);
const FIRST_SEED = Number(process.env['SIGNALBOX_TEST_FUZZ_SEED'] ?? Date.now() % 2 ** 31);
/** What a process may have more after all that, in bytes: documents that are kept parsed, and statements. */
const GROWTH = 96 * 1024 * 1024;
const ROUND = 20;
/** How long one request may be waited for, in ms. */
const PATIENCE = 30_000;

let app: TestApp;
let token: string;
const thrown: unknown[] = [];
const remember = (error: unknown) => thrown.push(error);

beforeAll(async () => {
  process.on('unhandledRejection', remember).on('uncaughtExceptionMonitor', remember);
  app = await startApp({
    database: (await createTestDatabase('pglite')).db,
    // What stops in the middle is let go of soon.
    timeouts: { headersTimeout: 5_000, requestTimeout: 5_000, connectionsCheckingInterval: 100 },
  });
  token = await tokenFor('fuzz', 'WORKER', ['a', '@global']);
});

afterAll(async () => {
  await app.stop();
  process.off('unhandledRejection', remember).off('uncaughtExceptionMonitor', remember);
});

/** The text of an answer must not tell of a failure, nor its status. */
function judge(status: number, text: string): void {
  expect(text).not.toContain('INTERNAL_SERVER_ERROR');
  expect(status).toBeLessThan(500);
}

const ATTEMPTS: ((random: Random) => Promise<void>)[] = [
  async function http(random) {
    const asked = JSON.stringify(operation(random, ['query', 'mutation']));
    const body = random.oneIn(10) ? damage(random, asked) : asked;
    const type = random.oneIn(15) ? 'text/plain' : 'application/json';
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${random.oneIn(3) ? token : ADMIN_TOKEN}`, 'content-type': type },
      body,
    });
    judge(response.status, await response.text());
  },
  async function sse(random) {
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${ADMIN_TOKEN}`,
        'content-type': 'application/json',
        accept: 'text/event-stream',
        ...(random.oneIn(3) ? { 'last-event-id': random.pick(['a', '0', 'x'.repeat(2_000)]) } : {}),
      },
      body: JSON.stringify(operation(random)),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const reader = response.body?.getReader();
    const first = await reader?.read();
    judge(response.status, String(first?.value && new TextDecoder().decode(first.value)));
    await reader?.cancel();
  },
  async function wire(random) {
    const socket = await dial(app.url);
    const answer = readToEnd(socket);
    socket.write(`${head(random, ADMIN_TOKEN).join('\r\n')}\r\n\r\n`);
    if (random.oneIn(2)) socket.write(JSON.stringify(operation(random)));
    if (random.oneIn(4)) socket.destroy();
    else socket.end();
    const text = await answer;
    judge(Number(/^HTTP\/1.1 (\d+)/.exec(text)?.[1] ?? 0), text);
  },
  async function socket(random) {
    const signedIn = !random.oneIn(5);
    const socket = await (signedIn ? openSocket(app.url, ADMIN_TOKEN) : connectSocket(app.url));
    socket.raw.on('message', (data) => {
      if (String(data).includes('INTERNAL_SERVER_ERROR')) thrown.push(String(data));
    });
    for (let count = random.below(6); count >= 0; count--) {
      if (socket.raw.readyState === socket.raw.OPEN) socket.send(frame(random));
    }
    // Answered in order: when the pong is there, all before it has been looked at.
    socket.raw.ping();
    const pong = new Promise((resolve) => socket.raw.once('pong', resolve));
    await Promise.race([pong, socket.closed]);
    if (random.oneIn(2)) socket.raw.terminate();
    else socket.close();
    const { code } = await socket.closed;
    expect([4500, 1011]).not.toContain(code);
  },
];

async function attempt(seed: number): Promise<void> {
  const random = createRandom(seed);
  try {
    await random.pick(ATTEMPTS)(random);
  } catch (error) {
    throw new Error(`Seed ${seed}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

const resources = () => process.getActiveResourcesInfo().filter((name) => /TCP/.test(name)).length;

it('whatever comes, nothing fails, nothing is left behind', {
  timeout: (SECONDS + 120) * 1_000,
}, async () => {
  const end = performance.now() + SECONDS * 1_000;
  let seed = FIRST_SEED;
  let before: number | undefined;
  while (performance.now() < end) {
    const round = Array.from({ length: ROUND }, (_, index) => seed + index);
    await Promise.all(round.map(attempt));
    const failures = app.logged.filter((line) => /"level":(50|60)/.test(line));
    const what = `seeds ${seed} to ${seed + ROUND - 1}`;
    expect({ what, failures, thrown }).toEqual({ what, failures: [], thrown: [] });
    app.logged.length = 0;
    seed += ROUND;
    // Not at the very beginning: what is loaded once is no growth.
    if (before === undefined && seed - FIRST_SEED >= 10 * ROUND) before = heapAfterCollection();
  }
  const growth = before === undefined ? 0 : heapAfterCollection() - before;
  const megabytes = Math.round(growth / 1024 / 1024);
  console.log(`${seed - FIRST_SEED} attempts from seed ${FIRST_SEED}, the heap grew by ${megabytes} MB`);
  expect(growth).toBeLessThan(GROWTH);
  // The listening server, and connections that fetch keeps.
  await expect.poll(resources, { timeout: 60_000 }).toBeLessThan(2 * ROUND + 10);
  const answer = await fetch(`${app.url}/health/ready`);
  expect(answer.status).toBe(200);
});
