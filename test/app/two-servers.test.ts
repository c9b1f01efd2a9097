/** Two servers on one PostgreSQL: what happens at one is seen at the other, with Redis and without. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Caller } from '../support/api.ts';
import { ADMIN_TOKEN, startApp, type TestApp } from '../support/app.ts';
import {
  availableDatabases,
  createTestDatabase,
  type TestDatabase,
  testRedisUrl,
} from '../support/database.ts';

const EVENTS = `subscription ($taskId: ID!) {
  taskEvents(taskId: $taskId) {
    __typename
    ... on TaskSnapshot { task { status version } }
    ... on TaskTransitioned { task { status version } }
  }
}`;

// PGlite is for one server alone.
const canRun = availableDatabases().includes('postgres');

describe.runIf(canRun).each([
  ['by Redis', true],
  ['through the log alone', false],
])('two servers that hear of each other %s', (_how, withRedis) => {
  let database: TestDatabase;
  let apps: TestApp[];
  let here: Caller;
  let there: Caller;

  beforeAll(async () => {
    database = await createTestDatabase('postgres');
    const settings = { databaseUrl: database.url, redisUrl: withRedis ? testRedisUrl() : undefined };
    apps = [await startApp(settings), await startApp(settings)];
    [here, there] = apps.map(({ url }) => new Caller(url, 'admin', ADMIN_TOKEN)) as [Caller, Caller];
  });
  afterAll(async () => {
    for (const app of apps ?? []) await app.stop();
    await database?.close();
  });

  it('let a task be submitted at one, worked at the other, and watched at both', async () => {
    await here.registerJob({ room: '@global', name: 'echo' });
    const { task } = await here.submit({ room: 'main', job: '@global:general:echo', payload: { n: 1 } });
    const watches = [
      here.subscribe('WebSocket', EVENTS, { taskId: task.id }),
      there.subscribe('SSE', EVENTS, { taskId: task.id }),
      here.subscribe('SSE', EVENTS, { taskId: task.id }),
      there.subscribe('WebSocket', EVENTS, { taskId: task.id }),
    ];
    // Each begins with the state, and from then on misses nothing.
    for (const watch of watches)
      expect(await watch.event()).toMatchObject({ task: { status: 'PENDING', version: 1 } });
    const workerId = await there.newWorker({ room: '@global', name: 'echo' });
    const { tasks } = await there.claim({ workerId, limit: 1, start: true });
    expect(tasks).toMatchObject([{ id: task.id, payload: { n: 1 } }]);
    await there.act('completeTask', { taskId: task.id, workerId, attempt: 1, result: { n: 2 } });
    for (const watch of watches) {
      const events = await watch.rest();
      expect(events.map((data) => data.taskEvents?.task ?? data.task)).toEqual([
        { status: 'CLAIMED', version: 2 },
        { status: 'RUNNING', version: 3 },
        { status: 'COMPLETED', version: 4 },
      ]);
    }
    expect(await here.task(task.id)).toMatchObject({ status: 'COMPLETED', result: { n: 2 } });
  });
});
