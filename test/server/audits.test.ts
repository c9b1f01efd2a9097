/** GraphQL over HTTP, as its specification wants it: every MUST and every SHOULD of the audits of graphql-http. */
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ADMIN_TOKEN, startApp, type TestApp } from '../support/app.ts';
import { createTestDatabase } from '../support/database.ts';

let app: TestApp;

beforeAll(async () => {
  // As a server that faces the internet is set, but for introspection: four of the audits ask for a type by its name.
  app = await startApp({
    database: (await createTestDatabase('pglite')).db,
    corsOrigins: ['https://app.example.com'],
  });
});
afterAll(() => app.stop());

const audits = serverAudits({
  url: () => `${app.url}/graphql`,
  fetchFn: (url: string, init: RequestInit = {}) =>
    fetch(url, { ...init, headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...init.headers } }),
});

it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_name, audit) => {
  const result = await audit.fn();
  expect(result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`).toBe('ok');
});

it('there are as many as there were', () => {
  expect(audits.length).toBeGreaterThanOrEqual(60);
});
