/** The last line of access: a task that a resolver gives away by mistake is not shown, nor is anything of it read. */
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createEventLoopShare } from '../../src/async/event-loop-share.ts';
import type { Viewer } from '../../src/domain/access.ts';
import { newUuid } from '../../src/domain/typeid.ts';
import { createContext, type Services } from '../../src/graphql/context.ts';
import { schema } from '../../src/graphql/schema.ts';
import { execute } from '../../src/server/graphql/execution/execute.ts';

const document = parse(`mutation { submitTasks(inputs: [{ room: "main", job: "main:a:b" }]) {
  ... on SubmitTasksSuccess { results { ... on SubmitTaskSuccess { duplicate task { id room payload } } } }
} }`);

/** Answers the submission with a task of another room; counts how often something of it is read to be shown. */
async function submitAs(viewer: Viewer, owner: string) {
  let reads = 0;
  const task = { id: newUuid(), room: 'other', createdBy: 'somebody', workerId: newUuid() };
  Object.defineProperty(task, 'payload', { get: () => ++reads });
  const job = { room: 'main', validatePayload: () => [] };
  const services = {
    jobs: { knownByName: () => job },
    log: { epoch: 'a' },
    checks: { eventLoopShare: createEventLoopShare() },
    store: {
      submitTasks: async () => [{ kind: 'created', change: { task, transition: { id: '1', horizon: '1' } } }],
      findWorkers: async (ids: string[]) => ids.map((id) => ({ id, owner })),
    },
  } as unknown as Services;
  const result = await execute({ schema, document, contextValue: createContext(services, viewer) });
  return { ...result, reads };
}

const HIDDEN = {
  data: null,
  reads: 0,
  errors: [{ path: ['submitTasks', 'results', 0, 'task'], extensions: { code: 'UNAUTHENTICATED' } }],
};
const viewer = (role: Viewer['role']): Viewer => ({ id: 'ulla', role, rooms: ['main'], expiresAt: null });

describe('a task that may not be seen', () => {
  // The first time graphql-js executes the document, later a plan does.
  it.each(['at first', 'again', 'and again'])('is an error in its place, %s', async () => {
    expect(await submitAs(viewer('USER'), 'ulla')).toMatchObject(HIDDEN);
    expect(await submitAs(viewer('MEMBER'), 'ulla')).toMatchObject(HIDDEN);
    expect(await submitAs(viewer('WORKER'), 'somebody')).toMatchObject(HIDDEN);
  });

  it('is shown to the owner of the worker that holds it', async () => {
    const { errors, data, reads } = await submitAs(viewer('WORKER'), 'ulla');
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ submitTasks: { results: [{ task: { room: 'other' } }] } });
    expect(reads).toBeGreaterThan(0);
  });
});
