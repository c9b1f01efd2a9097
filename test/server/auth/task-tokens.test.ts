/** What a token for one task is taken for: by any server of its database, and by no other. */
import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { ADMIN_ID, type Viewer } from '../../../src/domain/access.ts';
import { newUuid, toTypeId } from '../../../src/domain/typeid.ts';
import { TokenExpired } from '../../../src/server/auth/jwt.ts';
import { createTaskTokens } from '../../../src/server/auth/task-tokens.ts';
import { tokenFor } from '../../support/app.ts';

const SECRET = 'secret-of-the-servers-0123456789-0123456789';
const options = { secret: SECRET, scope: 'one', adminToken: 'admin-token-0123456789' };
const maker: Viewer = { id: 'shop', role: 'MEMBER', rooms: ['shop'], expiresAt: null, tier: 'solo' };
const admin: Viewer = { id: ADMIN_ID, role: 'ADMIN', rooms: ['*'], expiresAt: null };
const taskId = newUuid();

const make = (by: Viewer, more: object = {}) =>
  createTaskTokens({ ...options, ...more }).create(by, { taskId, cancel: true, seconds: 600 });

describe('a token for one task', () => {
  it('is taken by another server of the database, and says of its holder what it may', async () => {
    const { token, expiresAt } = await make(maker);
    const other = createTaskTokens({ ...options, adminToken: undefined });
    expect(other.isTaskToken(token)).toBe(true);
    for (let time = 0; time < 2; time++) {
      expect(await other.verify(token, 'digest')).toEqual({
        id: `@task:${toTypeId('task', taskId)}`,
        role: 'USER',
        rooms: [],
        only: { taskId, cancel: true },
        tier: 'solo',
        expiresAt,
      });
    }
    expect(expiresAt.getTime()).toBeGreaterThan(Date.now() + 590_000);
    expect(expiresAt.getTime()).toBeLessThanOrEqual(Date.now() + 600_000);
  });

  it.each([
    ['of another database', { scope: 'two' }],
    ['that has another secret', { secret: `${SECRET}x` }],
  ])('is not taken by a server %s', async (_which, more) => {
    const { token } = await make(maker);
    await expect(createTaskTokens({ ...options, ...more }).verify(token, 'd')).rejects.toThrow();
  });

  it('of the administrator ends with the admin token that made it', async () => {
    const { token } = await make(admin);
    await expect(createTaskTokens(options).verify(token, 'd')).resolves.toBeDefined();
    for (const adminToken of ['another-token-0123456789', undefined]) {
      await expect(createTaskTokens({ ...options, adminToken }).verify(token, 'd')).rejects.toThrow(
        'admin token',
      );
    }
  });

  it('ends no later than the sign-in of who made it, and then says so', async () => {
    const expiresAt = new Date(Math.ceil(Date.now() / 1_000) * 1_000 - 5_000);
    const { token, ...made } = await make({ ...maker, expiresAt });
    expect(made.expiresAt).toEqual(expiresAt);
    await expect(createTaskTokens(options).verify(token, 'd')).rejects.toBeInstanceOf(TokenExpired);
  });

  it('keeps the key that made it, and nothing about rooms or who that is', async () => {
    const keyId = newUuid();
    const { token } = await make({ ...maker, keyId });
    expect(Object.keys(decodeJwt(token)).sort()).toEqual(['cancel', 'exp', 'key', 'task', 'tier']);
    expect(await createTaskTokens(options).verify(token, 'd')).toMatchObject({ keyId });
  });

  it('is none that an issuer of the JWT secret could sign', async () => {
    const tokens = createTaskTokens(options);
    const signed = await tokenFor('boss', 'ADMIN', ['*']);
    expect(tokens.isTaskToken(signed)).toBe(false);
    const [, ...rest] = signed.split('.');
    const [header] = (await make(maker)).token.split('.');
    await expect(tokens.verify([header, ...rest].join('.'), 'd')).rejects.toThrow();
  });
});
