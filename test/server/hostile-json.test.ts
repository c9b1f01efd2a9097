/** Inputs that JavaScript cannot follow or keep are refused by name, on every way in; nothing is rounded or masked. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, startApp, type TestApp } from '../support/app.ts';
import { createTestDatabase } from '../support/database.ts';
import { openSocket } from './socket.ts';
import { codeOf, post, TRANSPORTS, type TransportName } from './transports.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ database: (await createTestDatabase('pglite')).db });
});
afterAll(() => app?.stop());

const deep = (levels: number, open: string, close: string) => open.repeat(levels) + close.repeat(levels);
const REGISTER = `mutation ($input: RegisterJobInput!) { registerJob(input: $input) {
  __typename ... on InvalidInput { issues { path message } } ... on RegisterJobSuccess { job { fullName } } } }`;
const SUBMIT = `mutation ($input: SubmitTaskInput!) { submitTask(input: $input) {
  __typename ... on InvalidInput { issues { path message } } ... on SubmitTaskSuccess { task { payload } } } }`;

/** The first answer to the text of a request. */
async function send(transport: TransportName, text: string) {
  switch (transport) {
    case 'HTTP': {
      const { status, body } = await post(app.url, ADMIN_TOKEN, text);
      return { status, ...body };
    }
    case 'SSE': {
      const response = await fetch(`${app.url}/graphql`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${ADMIN_TOKEN}`,
          'content-type': 'application/json',
          accept: 'text/event-stream',
        },
        body: text,
      });
      const answer = await response.text();
      const data = /^data: (.+)$/m.exec(answer)?.[1] ?? answer;
      return { status: response.status, ...JSON.parse(data) };
    }
    case 'WebSocket': {
      const socket = await openSocket(app.url, ADMIN_TOKEN);
      socket.send(`{"id":"1","type":"subscribe","payload":${text}}`);
      const { type, payload } = await socket.next();
      socket.close();
      return type === 'error' ? { errors: payload } : payload;
    }
  }
}

describe.each(TRANSPORTS)('over %s', (transport) => {
  it.each([
    ['lists', deep(40_000, '[', ']')],
    ['objects', deep(10_000, '{"a":', '}').replace(':}', ':1}')],
  ])(
    'variables that are %s within each other are refused, declared or not, known or not',
    async (_what, nested) => {
      for (const query of [
        'query ($v: JSON) { tasks(filter: { labels: $v }) { nodes { id } } }',
        '{ viewer { id } }',
      ]) {
        for (let time = 0; time < 2; time++) {
          const answer = await send(
            transport,
            `{"query":${JSON.stringify(query)},"variables":{"v":${nested}}}`,
          );
          expect(codeOf(answer)).toBe('BAD_REQUEST');
          expect(answer.errors[0].message).toContain('128 levels deep');
        }
      }
      // Extensions, and what is none of a request's members.
      expect(
        codeOf(await send(transport, `{"query":"{ viewer { id } }","extensions":{"a":${nested}}}`)),
      ).toBe('BAD_REQUEST');
    },
  );

  it('numbers beyond 2^53 in a payload are refused with their path, or kept', async () => {
    const variables = { input: { name: `exact-${transport}`, category: 'general' } };
    const { data } = await send(transport, JSON.stringify({ query: REGISTER, variables }));
    const job = data.registerJob.job.fullName;
    const submit = (payload: string) => {
      const input = `{"room":"a","job":"${job}","payload":${payload}}`;
      return send(transport, `{"query":${JSON.stringify(SUBMIT)},"variables":{"input":${input}}}`);
    };
    for (const number of ['9007199254740993', '-9223372036854775808', '1e999']) {
      const refused = await submit(`{"a":[{"id":${number}}]}`);
      expect(refused.data.submitTask).toMatchObject({
        __typename: 'InvalidInput',
        issues: [{ path: ['payload', 'a', '0', 'id'], message: expect.stringContaining(`is ${number}`) }],
      });
    }
    const kept = await submit('{"a":9007199254740992,"b":1e23,"c":"9007199254740993","d":0.1}');
    expect(kept.data.submitTask.task.payload).toEqual({
      ...{ a: 9007199254740992, b: 1e23, c: '9007199254740993', d: 0.1 },
    });
    const literal = `mutation { submitTask(input: { room: "a", job: "${job}", payload: { id: [9007199254740993] } }) {
      __typename ... on InvalidInput { issues { path message } } } }`;
    expect((await send(transport, JSON.stringify({ query: literal }))).data.submitTask).toMatchObject({
      __typename: 'InvalidInput',
      issues: [{ path: ['payload', 'id', '0'] }],
    });
    const text = await send(
      transport,
      `{"query":${JSON.stringify(SUBMIT)},"variables":{"input":{"room":"a","job":"${job}","correlationId":9007199254740993}}}`,
    );
    expect(text.data.submitTask).toMatchObject({ issues: [{ message: expect.stringContaining('rounded') }] });
  });
});

it('a socket goes on when one of its operations is nested too deep', async () => {
  const socket = await openSocket(app.url, ADMIN_TOKEN);
  const query = 'query ($v: JSON) { tasks(filter: { labels: $v }) { nodes { id } } }';
  socket.send(
    `{"id":"1","type":"subscribe","payload":{"query":"${query}","variables":{"v":${deep(200, '[', ']')}}}}`,
  );
  expect(await socket.next()).toMatchObject({
    id: '1',
    type: 'error',
    payload: [{ extensions: { code: 'BAD_REQUEST' } }],
  });
  socket.send({ id: '1', type: 'subscribe', payload: { query: '{ viewer { id } }' } });
  expect(await socket.next()).toMatchObject({ id: '1', type: 'next' });
  socket.send(`{"type":"ping","payload":${deep(200, '[', ']')}}`);
  expect((await socket.closed).code).toBe(4400);
});

it('parameters of a URL are looked at, too', async () => {
  const get = async (variables: string) => {
    const parameters = new URLSearchParams({
      query: 'query ($v: JSON) { tasks(filter: { labels: $v }) { nodes { id } } }',
      variables,
    });
    const response = await fetch(`${app.url}/graphql?${parameters}`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    return { status: response.status, body: await response.json() };
  };
  expect(await get(`{"v":${deep(200, '[', ']')}}`)).toMatchObject({
    status: 400,
    body: { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
  });
  expect(await get('{"v":{"a":9007199254740993}}')).toMatchObject({ status: 400 });
  expect(await get('{"v":{"a":"b"}}')).toMatchObject({ status: 200 });
});

it.each([
  ['documentId', { documentId: { toString: 1 } }],
  ['a hash', { extensions: { persistedQuery: { sha256Hash: { toString: 1 } } } }],
  ['an operation name', { query: '{ viewer { id } }', operationName: { toString: 1 } }],
  ['a trace', { query: '{ viewer { id } }', extensions: { traceparent: { toString: 1 } } }],
])('%s that is no text is a mistake of the caller', async (_what, params) => {
  for (const transport of ['HTTP', 'SSE'] as const) {
    const { errors = [] } = await send(transport, JSON.stringify(params));
    expect(codeOf({ errors })).not.toBe('INTERNAL_SERVER_ERROR');
  }
});
