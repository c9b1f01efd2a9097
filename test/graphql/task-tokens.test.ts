/** Tokens for one task: of the whole API their holder sees that task, and may at most cancel it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, Caller, PROBLEM, startApi } from '../support/api.ts';
import { type AccessFixture, createAccessFixture, ROWS } from './access-table.ts';
import { type Operation, operations } from './operations.ts';
import { outcomeOf } from './test-callers.ts';

const CREATE = `mutation ($input: CreateTaskTokenInput!) { createTaskToken(input: $input) {
  ${PROBLEM} ... on CreateTaskTokenSuccess { taskToken { token expiresAt canCancel } }
} }`;
const CANCEL = `mutation ($input: CancelTaskInput!) { cancelTask(input: $input) { __typename } }`;
const WATCH =
  'subscription ($id: ID!) { taskEvents(taskId: $id) { ... on TaskSnapshot { task { id viewerCanCancel } } } }';

let api: Api;
let stage: AccessFixture;

beforeAll(async () => {
  api = await startApi('pglite');
  stage = await createAccessFixture(api);
});
afterAll(() => api?.close());

async function holderOf(by: Caller, taskId: string, more: object = {}): Promise<Caller> {
  const { taskToken } = await by.ask(CREATE, { input: { taskId, ...more } });
  return new Caller(api.url, 'holder', taskToken.token);
}

const OPERATIONS = new Map(
  operations({ submitTasks: `${PROBLEM} ... on SubmitTasksSuccess { results { ${PROBLEM} } }` }).map(
    (one) => [one.name, one],
  ),
);

/** Rows that are about the token's own task, and those about oneself. */
const SEEN = new Set([
  ...['task', 'node', 'nodes', 'taskEvents', 'taskGraph', 'taskGraphEvents'].map(
    (operation) => `${operation} of a task of the room`,
  ),
  'viewer of oneself',
  // They say nothing of anybody.
  'server of the server',
  'cronPreview of a cron line',
  // There is nothing in them, see "lists nothing".
  'rooms of rooms of the caller',
  'savedViews of oneself',
  'jobs of all rooms',
  'jobEvents of all rooms',
  // Of all rooms it hears of its task.
  'roomEvents of all rooms of the caller',
]);
/** Lists and counts of all that the caller may see: there is nothing in them. */
const EMPTY = /^(retryTasks|discardTasks) /;

describe.each([true, false])('the holder of a token (cancel: %s)', (cancel) => {
  let holder: Caller;
  beforeAll(async () => {
    holder = await holderOf(stage.cast.creator, stage.task.taskId, { cancel });
  });

  it.each(ROWS.map((row) => [`${row.operation} of ${row.about}`, row] as const))('%s', async (name, row) => {
    const { kind, document } = OPERATIONS.get(row.operation) as Operation;
    const variables = await row.variables(stage);
    if (kind === 'subscription') {
      const stream = holder.subscribe('SSE', document, variables);
      const outcome = outcomeOf(await stream.next());
      stream.close();
      expect(outcome === 'ok').toBe(SEEN.has(name));
      return;
    }
    const answer = await holder.send(document, variables);
    // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
    const [found] = Object.values(answer.data ?? {}) as any[];
    const outcome = outcomeOf(found?.results ? { data: { one: found.results[0] } } : answer);
    if (!EMPTY.test(name)) expect(outcome === 'ok').toBe(SEEN.has(name));
    else expect(found.retried ?? found.discarded ?? 0).toBe(0);
  });

  it('lists nothing', async () => {
    const { data } = await holder.send(`{
      tasks { nodes { id } } deadLetters { nodes { id } } taskCounts { total } jobs { nodes { id } } rooms { nodes { name } }
      suggest(field: JOB, prefix: "") savedViews { id }
    }`);
    expect(data).toEqual({
      ...{ tasks: { nodes: [] }, deadLetters: { nodes: [] }, taskCounts: { total: 0 } },
      ...{ jobs: { nodes: [] }, rooms: { nodes: [] }, suggest: [], savedViews: [] },
    });
  });

  it('reads what belongs to its task', async () => {
    const task = await holder.ask(
      '{ task(id: "ID") { id payload createdBy job { fullName } transitions { nodes { to } } assets { nodes { id } } } }'.replace(
        'ID',
        stage.task.taskId,
      ),
    );
    expect(task).toMatchObject({
      id: stage.task.taskId,
      createdBy: 'creator',
      job: { fullName: expect.any(String) },
    });
    expect(task.transitions.nodes).not.toEqual([]);
  });
});

describe('cancelling', () => {
  const fresh = async () => {
    const { task } = await stage.cast.creator.submit({ room: 'here', job: stage.job.fullName });
    return task.id as string;
  };

  it('is for tokens that were made for it, and streams tell each its own', async () => {
    const taskId = await fresh();
    const [reader, canceller] = [
      await holderOf(stage.cast.creator, taskId),
      await holderOf(stage.cast.creator, taskId, { cancel: true }),
    ];
    for (const [holder, may] of [
      [reader, false],
      [canceller, true],
    ] as const) {
      const stream = holder.subscribe('WebSocket', WATCH, { id: taskId });
      expect((await stream.event()).task).toEqual({ id: taskId, viewerCanCancel: may });
      stream.close();
    }
    expect(await reader.ask(CANCEL, { input: { taskId } })).toEqual({ __typename: 'Forbidden' });
    expect(await canceller.ask(CANCEL, { input: { taskId: stage.task.taskId } })).toEqual({
      __typename: 'TaskNotFound',
    });
    expect(await canceller.ask(CANCEL, { input: { taskId } })).toEqual({ __typename: 'TaskSuccess' });
  });

  it('is not to be had by whoever may not', async () => {
    const { taskId } = stage.lent;
    const input = { taskId, cancel: true };
    expect((await stage.cast.lender.ask(CREATE, { input })).__typename).toBe('Forbidden');
    expect((await stage.cast.lender.ask(CREATE, { input: { taskId } })).__typename).toBe(
      'CreateTaskTokenSuccess',
    );
  });

  it('comes with the answer of a submission, when asked for', async () => {
    const submitted = await stage.cast.creator.ask(
      `mutation ($input: SubmitTaskInput!) { submitTask(input: $input) {
        ... on SubmitTaskSuccess { task { id } taskToken(cancel: true, seconds: 1) { token expiresAt canCancel } }
      } }`,
      { input: { room: 'here', job: stage.job.fullName } },
    );
    const { token, expiresAt, canCancel } = submitted.taskToken;
    expect(canCancel).toBe(true);
    expect(new Date(expiresAt).getTime()).toBeGreaterThan(Date.now() + 50_000);
    const holder = new Caller(api.url, 'holder', token);
    expect(await holder.ask(CANCEL, { input: { taskId: submitted.task.id } })).toEqual({
      __typename: 'TaskSuccess',
    });
  });
});

it.each([
  [{ seconds: 59 }, 'InvalidInput'],
  [{ seconds: 86_401 }, 'InvalidInput'],
])('%j is refused', async (more, problem) => {
  const input = { taskId: stage.task.taskId, ...more };
  expect((await stage.cast.creator.ask(CREATE, { input })).__typename).toBe(problem);
});

it('ends with the API key that made it, streams as well', async () => {
  const { secret, apiKey } = await api.admin.createKey({ name: 'k', role: 'MEMBER', rooms: ['here'] });
  const holder = await holderOf(new Caller(api.url, apiKey.id, secret), stage.task.taskId);
  const stream = holder.subscribe('WebSocket', WATCH, { id: stage.task.taskId });
  await stream.event();
  await api.admin.ask('mutation ($id: ID!) { revokeApiKey(id: $id) { __typename } }', { id: apiKey.id });
  await expect(stream.rest()).rejects.toThrow('broken off');
  expect(await holder.send('{ viewer { id } }')).toMatchObject({ status: 401 });
});
