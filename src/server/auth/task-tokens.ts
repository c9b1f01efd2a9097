/**
 * Tokens for one task: signed by a key that all servers of a database derive alike, so that nothing has to be stored for
 * them and any server takes them, also after a restart. They end at their time, with the sign-in of who made them, with the
 * API key that made them when it is revoked, and with the admin token when another one is configured.
 */
import { createHmac, hkdfSync } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { ADMIN_ID, type Viewer } from '../../domain/access.ts';
import { holderOf, type TaskTokens } from '../../domain/task-token.ts';
import { TokenExpired } from './jwt.ts';

export interface TaskTokenSignerOptions {
  /** SIGNALBOX_JWT_SECRET, or the secret that the database keeps. */
  secret: string;
  /** Which database the tokens are for. */
  scope: string;
  /** Where it is configured, and not made at the start. */
  adminToken?: string | undefined;
}

export interface TaskTokenSigner extends TaskTokens {
  /** Whether it has the form of such a token. */
  isTaskToken(token: string): boolean;
  /** Who holds it. Rejects with TokenExpired, or anything for one that is not valid. */
  verify(token: string, digest: string): Promise<Viewer>;
}

const HEADER = { alg: 'HS256', typ: 'task+jwt' };
const START = `${Buffer.from(JSON.stringify(HEADER)).toString('base64url')}.`;
const MAX_VERIFIED = 10_000;
const VERIFIED_MS = 60_000;

const claims = z.object({
  task: z.uuid(),
  cancel: z.boolean(),
  exp: z.number(),
  tier: z.string().optional(),
  key: z.uuid().optional(),
  admin: z.string().optional(),
});

export function createTaskTokens({ secret, scope, adminToken }: TaskTokenSignerOptions): TaskTokenSigner {
  const key = new Uint8Array(hkdfSync('sha256', secret, scope, 'signalbox task tokens', 32));
  // Another admin token: what the former one has made is void.
  const admin = adminToken && createHmac('sha256', key).update(adminToken).digest('base64url').slice(0, 16);
  const verified = new LRUCache<string, Viewer & { expiresAt: Date }>({
    max: MAX_VERIFIED,
    ttl: VERIFIED_MS,
  });

  async function read(token: string): Promise<Viewer & { expiresAt: Date }> {
    const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], typ: HEADER.typ }).catch(
      (error: unknown) => {
        throw error instanceof errors.JWTExpired ? new TokenExpired() : error;
      },
    );
    const { task: taskId, cancel, exp, tier, key: keyId, admin: madeBy } = claims.parse(payload);
    if (madeBy !== undefined && madeBy !== admin) throw new Error('Made by another admin token');
    const expiresAt = new Date(exp * 1_000);
    const more = { expiresAt, ...(tier !== undefined && { tier }), ...(keyId !== undefined && { keyId }) };
    return { ...holderOf({ taskId, cancel }, more), expiresAt };
  }

  return {
    isTaskToken: (token) => token.startsWith(START),
    async create(maker, { taskId, cancel, seconds }) {
      const until = Date.now() + seconds * 1_000;
      const exp = Math.floor(Math.min(until, maker.expiresAt?.getTime() ?? until) / 1_000);
      const byAdmin = maker.id === ADMIN_ID ? admin : undefined;
      const token = await new SignJWT({
        task: taskId,
        cancel,
        tier: maker.tier,
        key: maker.keyId,
        admin: byAdmin,
      })
        .setProtectedHeader(HEADER)
        .setExpirationTime(exp)
        .sign(key);
      return { token, expiresAt: new Date(exp * 1_000), canCancel: cancel };
    },
    async verify(token, digest) {
      const viewer = verified.get(digest) ?? (await read(token));
      if (viewer.expiresAt.getTime() <= Date.now()) throw new TokenExpired();
      if (!verified.has(digest)) verified.set(digest, viewer);
      return viewer;
    },
  };
}
