/** Tokens signed by keys that an issuer publishes (JWKS), beside tokens of the shared secret. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startApp, type TestApp, tokenFor } from '../../support/app.ts';
import { createTestDatabase } from '../../support/database.ts';
import { TRANSPORTS } from '../transports.ts';
import { refusedAs, signIn } from './sign-in.ts';

interface IssuerKey {
  alg: string;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  jwk: JWK & { kid: string };
}

/** What the issuer publishes at the moment: keys, or nonsense. */
let published: { status: number; body: unknown };
let issuer: Server;
/** How often it was asked. */
let asked = 0;
let jwksUrl: string;
let app: TestApp;
const keys = new Map<string, IssuerKey>();

beforeAll(async () => {
  for (const alg of ['RS256', 'ES256', 'EdDSA', 'PS512']) keys.set(alg, await newKey(alg, alg));
  publish([...keys.values()]);
  issuer = createServer((_request, response) => {
    asked++;
    response.writeHead(published.status, { 'content-type': 'application/json' });
    response.end(typeof published.body === 'string' ? published.body : JSON.stringify(published.body));
  });
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  jwksUrl = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks.json`;
  app = await startApp({ database: (await createTestDatabase('pglite')).db, jwksUrl });
});

afterEach(() => {
  vi.useRealTimers();
});

afterAll(async () => {
  await app.stop();
  issuer.closeAllConnections();
  issuer.close();
  expect(app.logged.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
});

async function newKey(alg: string, kid: string): Promise<IssuerKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

function publish(shown: IssuerKey[]): void {
  published = { status: 200, body: { keys: shown.map(({ jwk }) => jwk) } };
}

/** Takes the server past the time for which it does not ask the issuer again. */
function later(): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
}

function sign({ alg, privateKey, jwk }: IssuerKey, header: Record<string, unknown> = {}): Promise<string> {
  return new SignJWT({ role: 'MEMBER', rooms: ['a'] })
    .setProtectedHeader({ alg, kid: jwk.kid, ...header })
    .setSubject('mo')
    .setExpirationTime('1h')
    .sign(privateKey);
}

function keyOf(alg: string): IssuerKey {
  return keys.get(alg) as IssuerKey;
}

const MO = { viewer: { id: 'mo', role: 'MEMBER', rooms: ['a'] } };

describe.each(TRANSPORTS)('over %s', (transport) => {
  const signedIn = (token: string) => signIn(transport, app.url, `Bearer ${token}`);

  it.each(['RS256', 'ES256', 'EdDSA', 'PS512'])('a token of a published %s key is taken', async (alg) => {
    expect(await signedIn(await sign(keyOf(alg)))).toEqual(MO);
  });

  it('a token of the shared secret is taken as well', async () => {
    expect(await signedIn(await tokenFor('uma', 'USER', []))).toEqual({
      viewer: { id: 'uma', role: 'USER', rooms: [] },
    });
  });

  it('a public key is no secret to sign with', async () => {
    const { publicKey, jwk } = keyOf('RS256');
    const secrets = [
      await exportSPKI(publicKey),
      (await exportSPKI(publicKey)).trim(),
      JSON.stringify(jwk),
      jwk.n as string,
    ];
    for (const secret of secrets) {
      const token = await new SignJWT({ role: 'ADMIN', rooms: ['*'] })
        .setProtectedHeader({ alg: 'HS256', kid: jwk.kid })
        .setSubject('eve')
        .setExpirationTime('1h')
        .sign(new TextEncoder().encode(secret));
      expect(await signedIn(token)).toEqual(refusedAs('invalid', transport));
    }
  });

  it('a key that is not published, under a name that is, is refused', async () => {
    const other = await newKey('ES256', 'ES256');
    expect(await signedIn(await sign(other))).toEqual(refusedAs('invalid', transport));
  });

  it('a key that the token brings along is refused', async () => {
    const own = await newKey('ES256', 'own');
    const token = await sign(own, { jwk: own.jwk, jku: jwksUrl });
    expect(await signedIn(token)).toEqual(refusedAs('invalid', transport));
  });

  it('a key is used for its own algorithm alone', async () => {
    const token = await sign({ ...keyOf('RS256'), alg: 'RS256' }, { alg: 'RS256', kid: 'ES256' });
    expect(await signedIn(token)).toEqual(refusedAs('invalid', transport));
  });
});

describe('the published keys', () => {
  const signedIn = async (key: IssuerKey) => signIn('HTTP', app.url, `Bearer ${await sign(key)}`);

  it('are asked for once, and not for every token', async () => {
    await signedIn(keyOf('ES256'));
    const before = asked;
    await Promise.all(Array.from({ length: 10 }, () => signedIn(keyOf('ES256'))));
    expect(asked).toBe(before);
  });

  it('may change: a new key is taken when it is first used, and a withdrawn one no longer', async () => {
    const next = await newKey('ES256', 'next');
    publish([next]);
    later();
    expect(await signedIn(next)).toEqual(MO);
    expect(await signedIn(keyOf('RS256'))).toEqual(refusedAs('invalid', 'HTTP'));
    publish([next, ...keys.values()]);
    later();
    expect(await signedIn(keyOf('RS256'))).toEqual(MO);
  });

  it('are not asked for again and again by tokens of keys that nobody has', async () => {
    later();
    await signedIn(keyOf('ES256'));
    const before = asked;
    const made = await newKey('ES256', 'made-up');
    const tokens = Array.from({ length: 20 }, (_, n) => sign(made, { kid: `made-up-${n}` }));
    for (const token of tokens) {
      expect(await signIn('HTTP', app.url, `Bearer ${await token}`)).toEqual(refusedAs('invalid', 'HTTP'));
    }
    expect(asked - before).toBeLessThanOrEqual(1);
  });

  it.each([
    ['does not answer well', { status: 500, body: 'oops' }],
    ['publishes no JSON', { status: 200, body: '<html>' }],
    ['publishes no keys', { status: 200, body: { answer: 42 } }],
    ['publishes more than a key set can be', { status: 200, body: { keys: [], more: 'x'.repeat(300_000) } }],
    ['publishes levels without end', { status: 200, body: '['.repeat(100_000) + ']'.repeat(100_000) }],
  ])('are not to be had when the issuer %s: that is not the fault of the token', async (_what, answer) => {
    // A server that has never seen them.
    const fresh = await startApp({ database: (await createTestDatabase('pglite')).db, jwksUrl });
    published = answer;
    try {
      for (const transport of TRANSPORTS) {
        const token = await sign(keyOf('ES256'));
        const outcome = await signIn(transport, fresh.url, `Bearer ${token}`);
        expect(outcome).toEqual(refusedAs('unavailable', transport));
      }
      // Others are not held up.
      const token = await tokenFor('uma', 'USER', []);
      expect(await signIn('HTTP', fresh.url, `Bearer ${token}`)).toMatchObject({ viewer: { id: 'uma' } });
      const entries = fresh.logged.filter((line) => line.includes('SIGNALBOX_JWKS_URL'));
      expect(entries).toHaveLength(TRANSPORTS.length);
      expect(entries.join()).toContain('"level":40');
    } finally {
      publish([...keys.values()]);
      await fresh.stop();
    }
  });
});

it('without a published key set, a token of such a key is refused', async () => {
  const plain = await startApp({ database: (await createTestDatabase('pglite')).db });
  const token = await sign(keyOf('ES256'));
  expect(await signIn('HTTP', plain.url, `Bearer ${token}`)).toEqual(refusedAs('invalid', 'HTTP'));
  await plain.stop();
});

it('without a shared secret, a token of one is refused, also when it is that of another server', async () => {
  const plain = await startApp({
    database: (await createTestDatabase('pglite')).db,
    jwtSecret: undefined,
    jwksUrl,
  });
  const token = await tokenFor('uma', 'ADMIN', ['*']);
  expect(await signIn('HTTP', plain.url, `Bearer ${token}`)).toEqual(refusedAs('invalid', 'HTTP'));
  expect(await signIn('HTTP', plain.url, `Bearer ${await sign(keyOf('EdDSA'))}`)).toEqual(MO);
  await plain.stop();
});

describe('with an issuer and audiences', () => {
  let strict: TestApp;
  beforeAll(async () => {
    strict = await startApp({
      database: (await createTestDatabase('pglite')).db,
      jwksUrl,
      jwtIssuer: 'https://issuer/',
      jwtAudience: ['signalbox', 'other'],
    });
  });
  afterAll(() => strict.stop());

  const GOOD = { iss: 'https://issuer/', aud: 'signalbox' };

  it.each([
    ['those', GOOD, null],
    ['another of the audiences', { ...GOOD, aud: 'other' }, null],
    ['one of the audiences among others', { ...GOOD, aud: ['x', 'signalbox'] }, null],
    ['another issuer', { ...GOOD, iss: 'https://issuer' }, 'iss'],
    ['no issuer', { aud: 'signalbox' }, 'iss'],
    ['another audience', { ...GOOD, aud: 'signalbox2' }, 'aud'],
    ['no audience', { iss: 'https://issuer/' }, 'aud'],
    ['an audience that is empty', { ...GOOD, aud: [] }, 'aud'],
  ])('a token with %s is taken, or not, whoever has signed it', async (_what, claims, wrong) => {
    const { alg, privateKey, jwk } = keyOf('ES256');
    const published = await new SignJWT({ role: 'MEMBER', rooms: ['a'], ...claims })
      .setProtectedHeader({ alg, kid: jwk.kid })
      .setSubject('mo')
      .setExpirationTime('1h')
      .sign(privateKey);
    for (const token of [published, await tokenFor('mo', 'MEMBER', ['a'], '1h', claims)]) {
      expect(await signIn('HTTP', strict.url, `Bearer ${token}`)).toEqual(
        wrong === null
          ? MO
          : { refused: 401, message: expect.stringContaining(`claim "${wrong}" does not name`) },
      );
    }
  });
});
