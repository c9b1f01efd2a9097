/** The short way of plain requests and the long way through Yoga: one answer, whatever is asked. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, startApi } from '../support/api.ts';

const TASKS = 'query Tasks($room: String) { tasks(room: $room) { nodes { id } } }';

const BODIES: Record<string, unknown> = {
  'a query': { query: '{ viewer { id role rooms } }' },
  'a query by name': { query: `${TASKS} query Other { viewer { id } }`, operationName: 'Other' },
  'a mutation': {
    query: 'mutation ($id: ID!) { cancelTask(input: { taskId: $id }) { __typename } }',
    variables: { id: 'x' },
  },
  'text beyond ASCII': { query: '{ job(fullName: "@global:general:größe 🎉") { id } }' },
  'an operation that is not there': { query: '{ viewer { id } }', operationName: 'Missing' },
  'several operations and no name': { query: 'query A { viewer { id } } query B { viewer { id } }' },
  'a document that cannot be parsed': { query: '{ viewer {' },
  'a document that is not valid': { query: '{ viewer { secret } }' },
  'a document that is too deep': {
    query: `{ tasks { nodes { ${'job { '.repeat(13)} id ${'} '.repeat(13)} } } }`,
  },
  'a query that costs too much': {
    query:
      '{ a: tasks(first: 100) { nodes { transitions(first: 100) { nodes { version } } } } b: tasks(first: 100) { nodes { transitions(first: 100) { nodes { version } } } } c: tasks(first: 100) { nodes { transitions(first: 100) { nodes { version } } } } }',
  },
  'a variable of a wrong type': { query: TASKS, variables: { room: 1 } },
  'a variable that is missing': { query: 'query ($id: ID!) { task(id: $id) { id } }' },
  'a page that is too large': { query: '{ tasks(first: 1000000) { nodes { id } } }' },
  'a refusal': { query: TASKS, variables: { room: 'a:b' } },
  'no query': {},
  'a query that is no text': { query: 1 },
  'variables that are no object': { query: TASKS, variables: [] },
  'a parameter that is not known': { query: '{ viewer { id } }', more: 1 },
  'a list': [{ query: '{ viewer { id } }' }],
  'a number': 1,
  nothing: null,
};
const ACCEPTED = [
  'application/json',
  'application/graphql-response+json',
  'application/graphql-response+json, application/json',
  '*/*',
];

describe('a plain POST', () => {
  let api: Api;
  beforeAll(async () => {
    api = await startApi('pglite');
  });
  afterAll(() => api?.close());

  async function post(path: string, accept: string, body: unknown) {
    const response = await fetch(`${api.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${api.admin.token}`,
        'content-type': 'application/json',
        accept,
      },
      body: JSON.stringify(body),
    });
    const { status, headers } = response;
    return {
      status,
      type: headers.get('content-type'),
      allow: headers.get('allow'),
      text: await response.text(),
    };
  }

  it.each(Object.keys(BODIES))('of %s is answered as by the long way', async (what) => {
    for (const accept of ACCEPTED) {
      const long = await post('/graphql?long', accept, BODIES[what]);
      expect(await post('/graphql', accept, BODIES[what]), accept).toEqual(long);
    }
  });

  it('of a subscription, whose results it cannot take, is answered as by the long way', async () => {
    const subscription = { query: 'subscription { roomEvents(room: "main") { __typename } }' };
    const long = await post('/graphql?long', 'application/json', subscription);
    expect(await post('/graphql', 'application/json', subscription)).toEqual(long);
    expect(long.status).toBe(406);
  });
});
