/** Refusals that GraphQL has not given: Apollo Client and urql, as they come, tell their application the code of each. */
import { ApolloClient, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { Client, fetchExchange } from '@urql/core';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ADMIN_TOKEN, startApp, type TestApp, tokenFor } from '../support/app.ts';
import { createTestDatabase } from '../support/database.ts';

const QUERY = 'query Jobs($room: String!) { jobs(room: $room) { nodes { id } } }';

let app: TestApp;
let limited: string;
let foreign: string;
beforeAll(async () => {
  const database = (await createTestDatabase('pglite')).db;
  // Nobody publishes keys there.
  app = await startApp({ database, rateLimits: { tiny: 1 }, jwksUrl: 'http://127.0.0.1:1/keys' });
  limited = await tokenFor('m', 'MEMBER', ['a'], '1h', { tier: 'tiny' });
  const { privateKey } = await generateKeyPair('ES256');
  foreign = await new SignJWT({ role: 'MEMBER', rooms: ['a'] })
    .setProtectedHeader({ alg: 'ES256', kid: 'unknown' })
    .setSubject('m')
    .setExpirationTime('1h')
    .sign(privateKey);
});
afterAll(() => app?.stop());

interface Asked {
  token?: string;
  headers?: Record<string, string>;
  room?: string;
}

/** What an application sees of the first error. */
type Ask = (asked: Asked) => Promise<Record<string, unknown> | undefined>;

const headersOf = ({ token = ADMIN_TOKEN, headers }: Asked) => ({
  authorization: `Bearer ${token}`,
  ...headers,
});

const CLIENTS: [name: string, Ask][] = [
  [
    'Apollo Client',
    async (asked) => {
      const link = new HttpLink({ uri: `${app.url}/graphql`, headers: headersOf(asked) });
      const client = new ApolloClient({ link, cache: new InMemoryCache() });
      const variables = { room: asked.room ?? 'a' };
      const { error } = await client.query({ query: gql(QUERY), variables, errorPolicy: 'all' });
      client.stop();
      return CombinedGraphQLErrors.is(error) ? error.errors[0]?.extensions : undefined;
    },
  ],
  [
    'urql',
    async (asked) => {
      const client = new Client({
        url: `${app.url}/graphql`,
        preferGetMethod: false,
        fetchOptions: { headers: headersOf(asked) },
        exchanges: [fetchExchange],
      });
      const { error } = await client.query(QUERY, { room: asked.room ?? 'a' }).toPromise();
      return error?.graphQLErrors[0]?.extensions;
    },
  ],
];

it.each(CLIENTS)('%s is told why it was refused', async (_name, ask) => {
  expect(await ask({})).toBeUndefined();
  expect(await ask({ token: 'wrong' })).toEqual({ code: 'UNAUTHENTICATED' });
  expect(await ask({ headers: { origin: 'https://elsewhere.example' } })).toEqual({
    code: 'FORBIDDEN_ORIGIN',
  });
  expect(await ask({ room: 'x'.repeat(300_000) })).toEqual({ code: 'PAYLOAD_TOO_LARGE' });
  // The one point of the hour.
  await ask({ token: limited });
  expect(await ask({ token: limited })).toMatchObject({
    code: 'RATE_LIMITED',
    retryAfterSeconds: expect.any(Number),
  });
  expect(await ask({ token: foreign })).toEqual({ code: 'UNAVAILABLE' });
});
