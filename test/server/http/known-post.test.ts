/** The short way of plain requests and the long way through Yoga: one answer, whatever is asked. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, startApi } from '../../support/api.ts';
import { OPERATIONS, TASKS } from '../graphql/compared-operations.ts';

const BODIES: Record<string, unknown> = {
  ...OPERATIONS,
  'a document that cannot be parsed': { query: '{ viewer {' },
  'a document that is too deep': {
    query: `{ tasks { nodes { ${'job { '.repeat(13)} id ${'} '.repeat(13)} } } }`,
  },
  'no query': {},
  'a query that is no text': { query: 1 },
  'variables that are no object': { query: TASKS, variables: [] },
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
