/** Web pages: those of other sites may not use the server, those of named origins may, and every answer is protected. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, startApp, type TestApp } from '../../support/app.ts';
import { createTestDatabase } from '../../support/database.ts';
import { openEvents } from '../events.ts';
import { connectSocket } from '../socket.ts';

const NAMED = 'https://app.example.com';
const FOREIGN = [
  'https://evil.example',
  'http://app.example.com',
  `${NAMED}.evil.example`,
  'null',
  'nonsense',
];

let app: TestApp;

beforeAll(async () => {
  app = await startApp({ database: (await createTestDatabase('pglite')).db, corsOrigins: [NAMED] });
});
afterAll(() => app.stop());

interface Answer {
  status?: number | undefined;
  headers: IncomingHttpHeaders;
  text: string;
}

/** A request with whatever headers: fetch keeps those of browsers for itself. */
function send(method: string, path: string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const authorization = `Bearer ${ADMIN_TOKEN}`;
    const sent = httpRequest(`${app.url}${path}`, { method, headers: { authorization, ...headers } });
    sent.once('error', reject).once('response', async (response) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve({ status: response.statusCode, headers: response.headers, text });
    });
    sent.end(method === 'POST' ? '{"query":"{ viewer { id } }"}' : undefined);
  });
}

const JSON_TYPE = { 'content-type': 'application/json' };
const QUERY = '/graphql?query={viewer{id}}';
const post = (headers: Record<string, string>) => send('POST', '/graphql', { ...JSON_TYPE, ...headers });
const get = (headers: Record<string, string>) => send('GET', QUERY, headers);

describe('a request of a web page', () => {
  it.each(FOREIGN)(
    'of %s is refused, whatever its method, without leave to read the answer',
    async (origin) => {
      const answers = await Promise.all([
        post({ origin }),
        get({ origin }),
        get({ origin, accept: 'text/event-stream' }),
        send('OPTIONS', '/graphql', { origin, 'access-control-request-method': 'POST' }),
      ]);
      for (const { status, headers, text } of answers) {
        expect(status).toBe(403);
        expect(JSON.parse(text).errors[0].extensions.code).toBe('FORBIDDEN_ORIGIN');
        expect(headers).not.toHaveProperty('access-control-allow-origin');
      }
    },
  );

  it('of the server itself passes, also behind a proxy that tells its host', async () => {
    const proxied = { origin: 'https://jobs.example', 'x-forwarded-host': 'jobs.example' };
    const asHost = { origin: 'https://jobs.example', host: 'jobs.example' };
    const own: Record<string, string>[] = [{ origin: app.url }, { 'sec-fetch-site': 'same-origin' }];
    for (const headers of [...own, proxied, asHost]) {
      expect(await post(headers)).toMatchObject({ status: 200, text: '{"data":{"viewer":{"id":"@admin"}}}' });
      expect((await get(headers)).status).toBe(200);
    }
  });

  it.each(['cross-site', 'same-site'])(
    'that is %s is refused where browsers tell no origin',
    async (site) => {
      expect((await get({ 'sec-fetch-site': site })).status).toBe(403);
      expect((await get({ 'sec-fetch-site': site, origin: NAMED })).status).toBe(200);
      expect((await get({ 'sec-fetch-site': 'none' })).status).toBe(200);
    },
  );

  it('of a named origin passes and may be read, refusals included', async () => {
    for (const answer of [await post({ origin: NAMED }), await post({ origin: NAMED, authorization: '' })]) {
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': NAMED,
        'access-control-expose-headers': expect.stringContaining('x-request-id'),
        vary: expect.stringContaining('Origin'),
      });
      expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
    }
  });

  it('of a named origin may ask before it sends', async () => {
    const asked = { origin: NAMED, 'access-control-request-method': 'POST', authorization: '' };
    const { status, headers, text } = await send('OPTIONS', '/graphql', asked);
    expect({ status, text }).toEqual({ status: 204, text: '' });
    expect(headers).toMatchObject({
      'access-control-allow-origin': NAMED,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': expect.stringMatching(/authorization, content-type/),
    });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'is refused in the form that pages may send unasked: %s',
    async (type) => {
      expect((await send('POST', '/graphql', { 'content-type': type })).status).toBe(415);
    },
  );

  it('may not open streams or sockets from elsewhere', async () => {
    for (const origin of FOREIGN) {
      await expect(connectSocket(app.url, { headers: { origin } })).rejects.toThrow('403');
    }
    const query = 'subscription { roomEvents(room: "a") { __typename } }';
    const events = await openEvents(app.url, ADMIN_TOKEN, { query }, { origin: 'https://evil.example' });
    expect(events.status).toBe(403);
    events.close();
  });

  it('may open sockets from the server itself and from named origins', async () => {
    for (const origin of [app.url, NAMED]) {
      const socket = await connectSocket(app.url, { headers: { origin } });
      socket.close();
      expect((await socket.closed).code).toBe(1000);
    }
  });
});

describe('an answer', () => {
  it.each(['/graphql', '/health/live', '/nowhere', QUERY])('of %s may be nothing but read', async (path) => {
    const { headers } = await send('GET', path, {});
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  it('has the id that the request came with, unless that is no id', async () => {
    expect((await get({ 'x-request-id': 'trace:4bf92f.3577_b3' })).headers['x-request-id']).toBe(
      'trace:4bf92f.3577_b3',
    );
    for (const given of ['', 'a b', 'x'.repeat(129), '"}{"']) {
      expect((await get({ 'x-request-id': given })).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it.each(['/explorer', '/problems', '/problems/task-not-found'])(
    'that is the page %s runs only its own scripts',
    async (path) => {
      const { headers } = await send('GET', path, {});
      const policy = String(headers['content-security-policy']);
      expect(policy).toMatch(/default-src 'none'/);
      expect(policy).toMatch(/script-src ('none'|'sha256-[\w+/=]+'( 'sha256-[\w+/=]+')*);/);
      expect(policy).toMatch(/frame-ancestors 'none'/);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
    },
  );
});
