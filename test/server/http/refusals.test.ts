/** Refusals before GraphQL come in the media type that the client asked for: otherwise it does not look into them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ADMIN_TOKEN, startApp, type TestApp, tokenFor } from '../../support/app.ts';
import { createTestDatabase } from '../../support/database.ts';

let app: TestApp;
beforeAll(async () => {
  const database = (await createTestDatabase('pglite')).db;
  app = await startApp({ database, rateLimits: { tiny: 1 } });
});
afterAll(() => app?.stop());

const APOLLO = 'application/graphql-response+json,application/json;q=0.9';
const URQL =
  'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed';
const RESPONSE = 'application/graphql-response+json; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

interface Refused {
  token?: string;
  headers?: Record<string, string>;
  body?: string;
}

async function refused(accept: string | undefined, { token = ADMIN_TOKEN, headers, body }: Refused) {
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: {
      ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(accept === undefined ? {} : { accept }),
    },
    body: body ?? '{"query":"{ viewer { id } }"}',
  });
  const [error] = ((await response.json()) as { errors: { extensions: Record<string, unknown> }[] }).errors;
  return { status: response.status, type: response.headers.get('content-type'), ...error?.extensions };
}

const limited = await tokenFor('m', 'MEMBER', ['a'], '1h', { tier: 'tiny' });
const DEEP = `{"query":"{ viewer { id } }","variables":${'['.repeat(200)}${']'.repeat(200)}}`;

it.each<[status: number, code: string, request: Refused]>([
  [401, 'UNAUTHENTICATED', { token: 'wrong' }],
  [403, 'FORBIDDEN_ORIGIN', { headers: { origin: 'https://elsewhere.example' } }],
  [413, 'PAYLOAD_TOO_LARGE', { body: 'x'.repeat(300_000) }],
  [415, 'BAD_REQUEST', { headers: { 'content-type': 'text/plain' } }],
  [400, 'BAD_REQUEST', { body: DEEP }],
  [429, 'RATE_LIMITED', { token: limited }],
])('%i %s', async (status, code, request) => {
  // The one point of the hour.
  if (status === 429) {
    await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${limited}`, 'content-type': 'application/json' },
      body: '{"query":"{ viewer { id } }"}',
    });
  }
  const more = status === 429 ? { retryAfterSeconds: expect.any(Number) } : {};
  for (const [accept, type] of [
    [APOLLO, RESPONSE],
    [URQL, RESPONSE],
    ['application/graphql-response+json', RESPONSE],
    ['Application/GraphQL-Response+JSON; charset=utf-8', RESPONSE],
    ['application/json;q=0.1, application/graphql-response+json;q=0.9', RESPONSE],
    ['application/json, application/graphql-response+json', JSON_TYPE],
    ['application/graphql-response+json;q=0, */*', JSON_TYPE],
    ['text/event-stream', JSON_TYPE],
    ['*/*', JSON_TYPE],
    [undefined, JSON_TYPE],
  ] as const) {
    expect(await refused(accept, request)).toMatchObject({ status, code, type, ...more });
  }
});
