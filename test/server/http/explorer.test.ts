/** The page at `/`: there for everybody, and without anything that is not public. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ADMIN_TOKEN, startApp, type TestApp } from '../../support/app.ts';
import { createTestDatabase } from '../../support/database.ts';

let app: TestApp;
let page: string;

beforeAll(async () => {
  app = await startApp({ database: (await createTestDatabase('pglite')).db });
  page = await (await fetch(`${app.url}/explorer`)).text();
});

afterAll(() => app.stop());

it('is served to everybody as HTML', async () => {
  const response = await fetch(`${app.url}/explorer?anything`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await response.text()).toBe(page);
});

it('knows no token, and asks the API of its own server', () => {
  expect(page).not.toContain(ADMIN_TOKEN);
  expect(page).toContain('"endpoint":"/graphql"');
});

it('loads nothing from elsewhere', () => {
  // Outside of scripts and styles, where addresses are text of the editor.
  const markup = page.replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, '<$1>');
  expect(markup).not.toMatch(/(src|href)=["']?(https?:)?\/\//);
  expect(page).not.toMatch(/<(script|link)\b[^>]*(src|href)=["']?(https?:)?\/\//);
});

it.each([
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip', 'gzip'],
  ['br;q=0, gzip;q=0.5', 'gzip'],
  ['identity', null],
])('is compressed for who accepts %s, and the same for all', async (accepted, encoding) => {
  const response = await fetch(`${app.url}/explorer`, { headers: { 'accept-encoding': accepted } });
  expect(response.headers.get('content-encoding')).toBe(encoding);
  expect(response.headers.get('vary')).toContain('Accept-Encoding');
  const bytes = Number(response.headers.get('content-length'));
  expect(bytes).toBeGreaterThan(1_000_000);
  if (encoding !== null) expect(bytes).toBeLessThan(3_000_000);
  expect(await response.text()).toBe(page);
});

it('is not sent again to who has it', async () => {
  const etag = (await fetch(`${app.url}/explorer`)).headers.get('etag') ?? '';
  const ask = (known: string) => fetch(`${app.url}/explorer`, { headers: { 'if-none-match': known } });
  const same = await ask(`"other", ${etag}`);
  expect(same.status).toBe(304);
  expect(await same.text()).toBe('');
  expect(same.headers.get('content-security-policy')).toContain('sha256-');
  expect((await ask('"other"')).status).toBe(200);
});

it('says what to do where it has no token', () => {
  const [, options] =
    /renderYogaGraphiQL\(\s*window\.document\.querySelector\('#root'\),\s*(\{[\s\S]*?\}),\s*\);/.exec(page) ??
    [];
  const open = (hash: string) => {
    const location = { hash, pathname: '/', search: '' };
    const history = { replaceState: () => Object.assign(location, { hash: '' }) };
    return new Function('location', 'history', `return ${options}`)(location, history);
  };
  expect(open('').defaultQuery).toMatch(
    /^# This page has no token yet\..*YOUR-TOKEN,\n.*"Re-fetch GraphQL schema"/,
  );
  expect(open('#token=abc').defaultQuery).toMatch(/^# Ctrl\+Enter runs it\. Your token is in the headers/);
  expect(JSON.parse(open('#token=abc').headers)).toEqual({ Authorization: 'Bearer abc' });
});

it('takes the token of the ready link from behind the #, which is not sent, and puts it into the headers', () => {
  const [, script] = /"?headers"?:\s*(\(\(\) => \{[\s\S]*?\}\)\(\))/.exec(page) ?? [];
  expect(script).toBeDefined();
  const replaced: unknown[] = [];
  const open = (hash: string) =>
    JSON.parse(
      new Function('location', 'history', `return ${script}`)(
        { hash, pathname: '/', search: '' },
        { replaceState: (...args: unknown[]) => replaced.push(args) },
      ),
    );
  expect(open('#token=abc_-123')).toEqual({ Authorization: 'Bearer abc_-123' });
  // It does not stay in the address, from where it would get into bookmarks.
  expect(replaced).toEqual([[null, '', '/']]);
  expect(open('')).toEqual({ Authorization: 'Bearer YOUR-TOKEN' });
});
