/** What every client has to do: ask, change, and watch. */
import { isAbstractType } from 'graphql';
import { afterAll, beforeAll } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { Caller } from '../support/api.ts';
import { ADMIN_TOKEN, startApp, type TestApp } from '../support/app.ts';
import { createTestDatabase } from '../support/database.ts';

export const AUTHORIZATION = `Bearer ${ADMIN_TOKEN}`;

export const JOBS = `query Jobs($room: String!) { jobs(room: $room) { nodes { id fullName } } }`;

export const SUBMIT = `mutation Submit($input: SubmitTaskInput!) {
  submitTask(input: $input) {
    __typename
    ... on SubmitTaskSuccess { cursor task { id status } }
    ... on Problem { detail }
  }
}`;

export const WATCH = `subscription Watch($id: ID!) {
  taskEvents(taskId: $id) {
    __typename
    ... on TaskSnapshot { task { id status } }
    ... on TaskTransitioned { task { id status } transition { version to } }
  }
}`;

/** The task of a submission, in the room where the job is. */
export const INPUT = { room: 'clients', job: 'clients:general:work', payload: { n: 1 } };

/** What a watcher of that task sees when it is worked: events by type and status. */
export const SEEN = [
  'TaskSnapshot PENDING',
  'TaskTransitioned CLAIMED',
  'TaskTransitioned RUNNING',
  'TaskTransitioned COMPLETED',
];

/** Which types an interface or a union may turn out to be, as caches want to know it. */
export const POSSIBLE_TYPES = Object.fromEntries(
  Object.values(schema.getTypeMap())
    .filter(isAbstractType)
    .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
);

export interface ApiFixture {
  graphqlUrl: string;
  socketUrl: string;
  /** Works the task that waits. */
  work(): Promise<void>;
  /** Who does what the client under test does not. */
  admin: Caller;
}

/** A server with the job, for all tests of a file. */
export function useApiFixture(): ApiFixture {
  const fixture = {} as ApiFixture;
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ database: (await createTestDatabase('pglite')).db });
    fixture.graphqlUrl = `${app.url}/graphql`;
    fixture.socketUrl = fixture.graphqlUrl.replace('http', 'ws');
    const admin = new Caller(app.url, '@admin', ADMIN_TOKEN);
    const job = { room: INPUT.room, name: 'work' };
    await admin.registerJob(job);
    const workerId = await admin.newWorker(job);
    fixture.admin = admin;
    fixture.work = async () => {
      const [{ id: taskId, attempt }] = (await admin.claim({ workerId, limit: 1, start: true })).tasks;
      await admin.act('completeTask', { taskId, workerId, attempt });
    };
  });
  afterAll(() => app.stop());
  return fixture;
}
