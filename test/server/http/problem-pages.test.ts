/** What refusals mean: a page for each problem and for each code. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXPLANATIONS } from '../../../src/domain/explanations.ts';
import * as problems from '../../../src/domain/problems.ts';
import { ADMIN_TOKEN, startApp, type TestApp } from '../../support/app.ts';
import { createTestDatabase } from '../../support/database.ts';
import { post } from '../transports.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ database: (await createTestDatabase('pglite')).db });
});
afterAll(() => app.stop());

const json = async (path: string) => {
  const response = await fetch(`${app.url}${path}`, { headers: { accept: 'application/json' } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

/** One of each class, made as leniently as its constructor allows. */
const instances = Object.entries(problems)
  .filter(([name]) => name !== 'Problem')
  .map(
    ([name, Kind]) =>
      [
        name,
        new (Kind as never as new (...args: unknown[]) => problems.Problem)([], [], [], { path: '' }),
      ] as const,
  );

describe('a problem', () => {
  it.each(instances)(
    '%s is explained where its type points, under its title and status',
    async (_name, { type, title, status, code }) => {
      expect(await json(type)).toEqual({
        status: 200,
        body: { type, title, status, code, meaning: expect.any(String), wayOut: expect.any(String) },
      });
    },
  );

  it('is explained to people as a page, without signing in', async () => {
    const { body } = await post(app.url, ADMIN_TOKEN, {
      query:
        'mutation { heartbeat(workerId: "worker_01h455vb4pex5vsknk084sn02q") { ... on Problem { type } } }',
    });
    const response = await fetch(`${app.url}${body.data.heartbeat.type}`, {
      headers: { accept: 'text/html,*/*' },
    });
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toMatch(/<h1>Worker not found<\/h1>[\s\S]*registerWorker/);
  });

  it('that there is not is not there', async () => {
    expect((await json('/problems/no-such')).status).toBe(404);
    expect((await json('/problems/__proto__')).status).toBe(404);
  });
});

it('every code that the server gives is explained', () => {
  const src = fileURLToPath(new URL('../../../src/', import.meta.url));
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /^(server|graphql)\/.*\.ts$/.test(file),
  );
  const given = files.flatMap((file) => {
    const text = readFileSync(`${src}${file}`, 'utf8');
    return [...text.matchAll(/\bcode: '([A-Z_]+)'|sendError\([^;]*'([A-Z_]+)'\)/g)].map(([, a, b]) => a ?? b);
  });
  expect(given).toContain('QUERY_TOO_COMPLEX');
  const explained = new Set([...EXPLANATIONS.values()].map(({ code }) => code));
  expect([...new Set(given)].filter((code) => !explained.has(code ?? ''))).toEqual([]);
});

it('all are listed', async () => {
  const { body } = await json('/problems');
  expect((body['problems'] as unknown[]).length).toBe(EXPLANATIONS.size);
  const page = await (await fetch(`${app.url}/problems`)).text();
  for (const name of EXPLANATIONS.keys()) expect(page).toContain(`href="/problems/${name}"`);
});
