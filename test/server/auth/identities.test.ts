/** Who callers are: the admin token and tokens signed with the shared secret, over HTTP, SSE and WebSocket. */
import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, JWT_SECRET, startApp, type TestApp, tokenFor } from '../../support/app.ts';
import { createTestDatabase } from '../../support/database.ts';
import { connectSocket } from '../socket.ts';
import { post, TRANSPORTS } from '../transports.ts';
import { refusedAs, signIn } from './sign-in.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp({ database: (await createTestDatabase('pglite')).db });
});

afterAll(async () => {
  await app.stop();
  expect(app.logged.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
});

const NOW = Math.floor(Date.now() / 1_000);
const GOOD = { sub: 'uma', role: 'USER', rooms: ['a'], exp: NOW + 3_600 };

/** A token with these claims, in the name of the shared secret unless another is given. */
function sign(claims: Record<string, unknown>, alg = 'HS256', secret = JWT_SECRET): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));
}

/** The parts of a token, with one of them replaced by other JSON. */
function forge(token: string, part: 0 | 1, value: unknown): string {
  const parts = token.split('.');
  parts[part] = Buffer.from(JSON.stringify(value)).toString('base64url');
  return parts.join('.');
}

const without = (name: keyof typeof GOOD) =>
  Object.fromEntries(Object.entries(GOOD).filter(([claim]) => claim !== name));

const SAID: Record<string, string> = {
  sub: 'must be 1 to 256 storable characters, not begin with "@" and be no id of this server',
  role: 'must be one of ADMIN, WORKER, MEMBER, USER',
  exp: 'must be a number: seconds since 1970',
  rooms: 'must be a list of rooms, 1,000 at most, or ["*"] for all',
  tier: 'must be a text of 1 to 64 characters',
  nbf: 'lies ahead: the token is not valid yet',
};

const ADMIN = { id: '@admin', role: 'ADMIN', rooms: ['*'] };
const UMA = { id: 'uma', role: 'USER', rooms: ['a'] };

describe.each(TRANSPORTS)('over %s', (transport) => {
  it.each([
    ['the admin token', async () => `Bearer ${ADMIN_TOKEN}`, ADMIN],
    ['the admin token after another spelling of Bearer', async () => `bearer   ${ADMIN_TOKEN} `, ADMIN],
    ['a signed token', async () => `Bearer ${await sign(GOOD)}`, UMA],
    [
      'a signed token without rooms',
      async () => `Bearer ${await sign(without('rooms'))}`,
      { ...UMA, rooms: [] },
    ],
    [
      'a signed token for every room',
      async () => `Bearer ${await sign({ ...GOOD, role: 'WORKER', rooms: ['*', '@global'] })}`,
      { id: 'uma', role: 'WORKER', rooms: ['*', '@global'] },
    ],
    [
      'a signed token with further claims',
      async () => `Bearer ${await sign({ ...GOOD, iss: 'x', aud: 'y', nbf: NOW - 10, admin: true })}`,
      UMA,
    ],
    [
      'a signed token of an issuer whose clock is a little ahead',
      async () => `Bearer ${await sign({ ...GOOD, nbf: Math.floor(Date.now() / 1_000) + 3 })}`,
      UMA,
    ],
    [
      'a signed token that outlives time',
      async () => `Bearer ${await sign({ ...GOOD, exp: 9_999_999_999_999 })}`,
      UMA,
    ],
  ])('%s says who one is', async (_what, authorization, viewer) => {
    expect(await signIn(transport, app.url, await authorization())).toEqual({ viewer });
  });

  it.each([
    ['no credential', async () => null],
    ['an empty one', async () => ''],
    ['Bearer without a token', async () => 'Bearer '],
    ['the token without Bearer', async () => ADMIN_TOKEN],
    ['another scheme', async () => `Basic ${Buffer.from(`admin:${ADMIN_TOKEN}`).toString('base64')}`],
    ['two tokens', async () => `Bearer ${ADMIN_TOKEN} ${ADMIN_TOKEN}`],
  ])('%s is asked to send one', async (_what, authorization) => {
    expect(await signIn(transport, app.url, await authorization())).toEqual(refusedAs('missing', transport));
  });

  it.each([
    ['a wrong token', async () => 'wrong-admin-token-0123456789'],
    ['the beginning of the admin token', async () => ADMIN_TOKEN.slice(0, -1)],
    ['the admin token and more', async () => `${ADMIN_TOKEN}0`],
    ['a signature of another secret', () => sign(GOOD, 'HS256', JWT_SECRET.toUpperCase())],
    ['a signature that is cut', async () => (await sign(GOOD)).slice(0, -4)],
    ['no signature', async () => `${(await sign(GOOD)).split('.').slice(0, 2).join('.')}.`],
    ['claims that were not signed', async () => forge(await sign(GOOD), 1, { ...GOOD, role: 'ADMIN' })],
    ['alg none', async () => new UnsecuredJWT(GOOD).encode()],
    ['alg none with a signature', async () => forge(await sign(GOOD), 0, { alg: 'none' })],
    ['alg NONE', async () => forge(new UnsecuredJWT(GOOD).encode(), 0, { alg: 'NONE' })],
    ['HS512 with the same secret', () => sign(GOOD, 'HS512')],
    ['HS384 with the same secret', () => sign(GOOD, 'HS384')],
    [
      'a key of its own in the header',
      async () => {
        const { privateKey } = await generateKeyPair('ES256');
        return new SignJWT(GOOD).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
      },
    ],
    [
      'an unknown critical header',
      async () => forge(await sign(GOOD), 0, { alg: 'HS256', crit: ['x'], x: 1 }),
    ],
    ['three dots', async () => '...'],
    ['a token of another alphabet', async () => '%%%.%%%.%%%'],
  ])('%s is refused', async (_what, token) => {
    expect(await signIn(transport, app.url, `Bearer ${await token()}`)).toEqual(
      refusedAs('invalid', transport),
    );
  });

  it.each([
    ['no sub', () => sign(without('sub')), 'sub'],
    ['no role', () => sign(without('role')), 'role'],
    ['no exp', () => sign(without('exp')), 'exp'],
    ['an empty sub', () => sign({ ...GOOD, sub: '' }), 'sub'],
    ['a sub that is a number', () => sign({ ...GOOD, sub: 7 }), 'sub'],
    ['a sub that is too long', () => sign({ ...GOOD, sub: 'x'.repeat(257) }), 'sub'],
    ['an unknown role', () => sign({ ...GOOD, role: 'ROOT' }), 'role'],
    ['a role in small letters', () => sign({ ...GOOD, role: 'admin' }), 'role'],
    ['the id of an API key as sub', () => sign({ ...GOOD, sub: 'key_01h455vb4pex5vsknk084sn02q' }), 'sub'],
    ['the administrator as sub', () => sign({ ...GOOD, sub: '@admin' }), 'sub'],
    ['the server itself as sub', () => sign({ ...GOOD, sub: '@system' }), 'sub'],
    [
      'the id of a schedule as sub',
      () => sign({ ...GOOD, sub: 'schedule_01h455vb4pex5vsknk084sn02q' }),
      'sub',
    ],
    ['a sub that no database takes', () => sign({ ...GOOD, sub: 'a\0b' }), 'sub'],
    ['a sub that is half a character', () => sign({ ...GOOD, sub: 'a\ud800' }), 'sub'],
    ['a tier that no database takes', () => sign({ ...GOOD, tier: 'a\0b' }), 'tier'],
    ['a room that no database takes', () => sign({ ...GOOD, rooms: ['a\0b'] }), 'rooms'],
    ['a tier that is no text', () => sign({ ...GOOD, tier: 5 }), 'tier'],
    ['several roles', () => sign({ ...GOOD, role: ['USER'] }), 'role'],
    ['an exp that is text', () => sign({ ...GOOD, exp: `${GOOD.exp}` }), 'exp'],
    ['rooms that are text', () => sign({ ...GOOD, rooms: 'a' }), 'rooms'],
    ['rooms that are null', () => sign({ ...GOOD, rooms: null }), 'rooms'],
    ['a room that is no room', () => sign({ ...GOOD, rooms: ['a', 'b:c'] }), 'rooms'],
    ['a room that is a pattern', () => sign({ ...GOOD, rooms: ['a*', 'a b'] }), 'rooms'],
    ['a reserved room that is not @global', () => sign({ ...GOOD, rooms: ['@all'] }), 'rooms'],
    [
      'too many rooms',
      () => sign({ ...GOOD, rooms: Array.from({ length: 1_001 }, (_, n) => `r${n}`) }),
      'rooms',
    ],
    ['a token that is not valid yet', () => sign({ ...GOOD, nbf: NOW + 600 }), 'nbf'],
  ])('%s is refused, and the claim is named: the signature is good', async (_what, token, claim) => {
    const outcome = await signIn(transport, app.url, `Bearer ${await token()}`);
    const { refused } = refusedAs('invalid', transport) as { refused: number };
    expect(outcome).toEqual({ refused, message: `The token's claim "${claim}" ${SAID[claim]}.` });
  });

  it.each([
    ['an hour ago', NOW - 3_600],
    ['this second', NOW],
    ['before time began', -1],
  ])('a token that ended %s is told apart, so that clients can get a new one', async (_when, exp) => {
    const authorization = `Bearer ${await sign({ ...GOOD, exp })}`;
    expect(await signIn(transport, app.url, authorization)).toEqual(refusedAs('expired', transport));
  });
});

describe('over HTTP', () => {
  const VIEWER = { query: '{ viewer { id } }' };

  it('the admin token may also come as X-Admin-Token', async () => {
    const { body } = await post(app.url, null, VIEWER, { 'x-admin-token': ADMIN_TOKEN });
    expect(body.data).toEqual({ viewer: { id: '@admin' } });
  });

  it.each([
    ['a wrong token', async () => 'wrong-admin-token-0123456789', null],
    ['a signed token', () => tokenFor('uma', 'ADMIN', ['*']), null],
    ['a wrong token, whatever else is sent', async () => 'wrong-admin-token-0123456789', ADMIN_TOKEN],
  ])('X-Admin-Token does not take %s', async (_what, token, bearer) => {
    const { status, body } = await post(app.url, bearer, VIEWER, { 'x-admin-token': await token() });
    expect({ status, body }).toEqual({
      status: 401,
      body: {
        errors: [{ message: 'The token is not valid here.', extensions: { code: 'UNAUTHENTICATED' } }],
      },
    });
  });

  it('a refusal names the scheme', async () => {
    expect((await post(app.url, null, VIEWER)).headers.get('www-authenticate')).toBe('Bearer');
  });

  it('a token in the URL is none', async () => {
    const response = await fetch(`${app.url}/graphql?query={viewer{id}}&token=${ADMIN_TOKEN}`);
    expect(response.status).toBe(401);
  });
});

describe('over WebSocket', () => {
  it('a header of the upgrade does not sign in: browsers cannot send one, other pages might', async () => {
    const socket = await connectSocket(app.url, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
    socket.send({ type: 'connection_init' });
    expect((await socket.closed).code).toBe(4401);
  });
});
