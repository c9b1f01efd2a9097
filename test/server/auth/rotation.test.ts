/** Secrets are changed without an interruption: the one before is taken beside the new one, as long as it is set. */
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, JWT_SECRET, startApp, type TestApp } from '../../support/app.ts';
import { createTestDatabase } from '../../support/database.ts';
import { TRANSPORTS } from '../transports.ts';
import { refusedAs, signIn } from './sign-in.ts';

const OLD_TOKEN = 'old-admin-token-0123456789';
const OLD_SECRET = 'old-jwt-secret-0123456789-0123456789';

let changing: TestApp;
let changed: TestApp;
beforeAll(async () => {
  const newDatabase = async () => (await createTestDatabase('pglite')).db;
  const previous = { previousAdminToken: OLD_TOKEN, previousJwtSecret: OLD_SECRET };
  changing = await startApp({
    database: await newDatabase(),
    ...previous,
    metricsToken: 'metrics-0123456789',
  });
  changed = await startApp({ database: await newDatabase() });
});
afterAll(async () => {
  await changing?.stop();
  await changed?.stop();
});

const signedBy = (secret: string, expiresIn = '1h') =>
  new SignJWT({ role: 'USER', rooms: ['a'] })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('uma')
    .setExpirationTime(expiresIn)
    .sign(new TextEncoder().encode(secret));

const UMA = { viewer: { id: 'uma', role: 'USER', rooms: ['a'] } };
const ADMIN = { viewer: { id: '@admin', role: 'ADMIN', rooms: ['*'] } };

describe.each(TRANSPORTS)('over %s', (transport) => {
  const signedIn = (app: TestApp, token: string) => signIn(transport, app.url, `Bearer ${token}`);

  it('both are taken while both are set, and then the new one alone', async () => {
    for (const token of [ADMIN_TOKEN, OLD_TOKEN]) expect(await signedIn(changing, token)).toEqual(ADMIN);
    for (const secret of [JWT_SECRET, OLD_SECRET]) {
      expect(await signedIn(changing, await signedBy(secret))).toEqual(UMA);
      expect(await signedIn(changing, await signedBy(secret, '-1h'))).toEqual(
        refusedAs('expired', transport),
      );
    }
    for (const token of ['another-token-0123456789', await signedBy('x'.repeat(32))])
      expect(await signedIn(changing, token)).toEqual(refusedAs('invalid', transport));
    expect(await signedIn(changed, ADMIN_TOKEN)).toEqual(ADMIN);
    expect(await signedIn(changed, await signedBy(JWT_SECRET))).toEqual(UMA);
    for (const token of [OLD_TOKEN, await signedBy(OLD_SECRET)])
      expect(await signedIn(changed, token)).toEqual(refusedAs('invalid', transport));
  });
});

it('the admin token of before opens metrics as well', async () => {
  for (const [token, status] of [
    [ADMIN_TOKEN, 200],
    [OLD_TOKEN, 200],
    ['metrics-0123456789', 200],
    ['another-token-0123456789', 401],
  ] as const) {
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${changing.url}/metrics`, { headers })).status).toBe(status);
  }
});
