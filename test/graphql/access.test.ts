/**
 * DESIGN.md's table of who may do what: every operation of the schema asked by every kind of caller. What a caller may
 * not see must be answered exactly like what does not exist.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newApiKeyToken } from '../../src/domain/api-key.ts';
import { type Api, PROBLEM, startApi } from '../support/api.ts';
import { tokenFor } from '../support/app.ts';
import { type Result, send } from '../support/client.ts';
import { type AccessFixture, createAccessFixture, ROWS } from './access-table.ts';
import { type Operation, operations } from './operations.ts';
import { inRoom, NAMES, type Name, outcomeOf } from './test-callers.ts';

let api: Api;
let stage: AccessFixture;

beforeAll(async () => {
  api = await startApi('pglite');
  stage = await createAccessFixture(api);
});
afterAll(() => api?.close());

const OPERATIONS = new Map(
  operations({
    submitTasks: `${PROBLEM} ... on SubmitTasksSuccess { results { ${PROBLEM} } }`,
    retryTasks: `${PROBLEM} ... on RetryTasksSuccess { retried }`,
    discardTasks: `${PROBLEM} ... on DiscardTasksSuccess { discarded }`,
  }).map((operation) => [operation.name, operation]),
);

/** What the caller is answered, of a stream first. */
async function ask(name: Name, operation: string, variables: Record<string, unknown>): Promise<Result> {
  const { kind, document } = OPERATIONS.get(operation) as Operation;
  if (kind === 'subscription') {
    const stream = stage.cast[name].subscribe('SSE', document, variables);
    const first = await stream.next();
    stream.close();
    return first;
  }
  const { data, errors } = await stage.cast[name].send(document, variables);
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  const [found] = Object.values(data ?? {}) as any[];
  // One of many, or none that was found.
  if (found?.results) return { data: { result: found.results[0] } };
  if (found?.retried === 0 || found?.discarded === 0) return { data: { result: null } };
  return { data, ...(errors ? { errors } : {}) };
}

/** An answer without what the caller itself has named. */
function withoutNames(answer: Result): string {
  return JSON.stringify(answer)
    .replaceAll(/(task|worker|job|asset|schedule|run|key|plan|bulk|view)_[0-9a-z]{26}/g, '$1_…')
    .replaceAll(/:general:[\w-]+/g, ':general:(name)')
    .replaceAll(/@global|\b(here|nowhere)\b/g, '(room)');
}

describe('the table of access', () => {
  it('has a row for every operation of the schema', () => {
    expect([...new Set(ROWS.map(({ operation }) => operation))].sort()).toEqual(
      [...OPERATIONS.keys()].sort(),
    );
  });
});

describe.each(ROWS)('$operation of $about', ({ operation, variables, unknown, ok, forbidden = [] }) => {
  it.each(NAMES)('by %s', async (name) => {
    const answer = await ask(name, operation, await variables(stage));
    const outcome = outcomeOf(answer);
    if (ok.includes(name)) expect(outcome).toBe('ok');
    else if (forbidden.includes(name)) expect(outcome).toBe('forbidden');
    else {
      expect(outcome).not.toBe('ok');
      expect(withoutNames(answer)).toBe(withoutNames(await ask(name, operation, unknown)));
    }
  });
});

describe('the stream of all rooms of a caller', () => {
  /** Who hears of the tasks of "here": its callers, and a USER of its own wherever it has submitted them. */
  const HEARD_OF_HERE: Name[] = [...inRoom('here'), 'exCreator'];
  const events = (name: Name) =>
    stage.cast[name].subscribe(
      'SSE',
      'subscription ($after: Cursor) { roomEvents(after: $after) { ... on TaskTransitioned { task { room createdBy } } } }',
      { after: stage.before },
    );

  it.each(NAMES.filter((name) => HEARD_OF_HERE.includes(name)))(
    'shows %s the tasks of its rooms',
    async (name) => {
      const stream = events(name);
      expect((await stream.event()).task.room).toBe('here');
      stream.close();
    },
  );

  // An owner whose token names no room hears nothing at all: there is no event to wait for.
  it.each(NAMES.filter((name) => !HEARD_OF_HERE.includes(name) && name !== 'exOwner'))(
    'shows %s nothing of a room of others',
    async (name) => {
      const stream = events(name);
      await stage.cast[name].submit({ room: 'there', job: stage.globalJob.fullName });
      expect((await stream.event()).task.room).toBe('there');
      stream.close();
    },
  );
});

const SERVED_TO_NOBODY: Record<string, () => Promise<string | null>> = {
  'no token': async () => null,
  'a token that is over': () => tokenFor('boss', 'ADMIN', ['*'], new Date(Date.now() - 1_000)),
  'a token that somebody else has signed': async () => `${await tokenFor('boss', 'ADMIN', ['*'])}x`,
  'an API key that was revoked': async () => {
    const { secret, apiKey } = await api.admin.createKey({ name: 'k', role: 'ADMIN' });
    await api.admin.ask('mutation ($id: ID!) { revokeApiKey(id: $id) { __typename } }', { id: apiKey.id });
    return secret;
  },
  'an API key that there never was': async () => newApiKeyToken().token,
};

describe.each(Object.keys(SERVED_TO_NOBODY))('with %s', (what) => {
  it('no operation is served', async () => {
    const token = (await SERVED_TO_NOBODY[what]?.()) ?? null;
    for (const { name, document } of OPERATIONS.values()) {
      expect({ name, ...(await send(api.url, token, document)) }).toMatchObject({
        name,
        status: 401,
        errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
      });
    }
  });
});
