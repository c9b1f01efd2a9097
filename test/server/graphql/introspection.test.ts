/** With introspection off nothing tells the schema: no transport, no page, no suggestion. */
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, startApp, type TestApp } from '../../support/app.ts';
import { createTestDatabase } from '../../support/database.ts';
import { ask, codeOf, TRANSPORTS } from '../transports.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ database: (await createTestDatabase('pglite')).db, introspection: false });
});
afterAll(() => app.stop());

describe.each(TRANSPORTS)('over %s', (transport) => {
  const asked = (query: string) => ask(transport, app.url, ADMIN_TOKEN, { query });

  it.each([
    ['the query of explorers', getIntrospectionQuery()],
    ['a type', '{ viewer { id } __type(name: "Task") { name } }'],
    ['a fragment', '{ ...A } fragment A on Query { __schema { queryType { name } } }'],
  ])('%s is refused', async (_what, query) => {
    const answer = await asked(query);
    expect(codeOf(answer)).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(answer.errors?.[0]?.message).toMatch(/introspection has been disabled/);
    expect(answer.data ?? null).toBeNull();
  });

  it('what is misspelt is refused without a word of what there is', async () => {
    const answer = await asked('{ viewr { id } }');
    expect(answer.errors?.map(({ message }) => message)).toEqual([
      'Cannot query field "viewr" on type "Query".',
    ]);
  });

  it('everything else is answered, with the names of types', async () => {
    expect(await asked('{ viewer { id __typename } }')).toEqual({
      data: { viewer: { id: '@admin', __typename: 'Viewer' } },
    });
  });
});

it('the explorer is not there', async () => {
  expect((await fetch(`${app.url}/explorer`)).status).toBe(404);
});
