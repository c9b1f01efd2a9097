/**
 * Who is calling: the static admin token, or a JSON Web Token signed with the shared secret (HS256) or by a key that
 * the issuer publishes. The algorithm is chosen by what is configured, never by the token alone.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { EVERY_ROOM, ROLES, type Viewer } from '../domain/access.ts';
import { isValidRoom } from '../domain/rooms.ts';

export interface AuthOptions {
  adminToken: string;
  /** HS256 secret. */
  jwtSecret?: string;
  /** URL of a JSON Web Key Set. */
  jwksUrl?: string;
  /** Told why the published keys cannot be had. */
  onKeysUnavailable?: (error: unknown) => void;
}

export type Authentication =
  | { ok: true; viewer: Viewer }
  /**
   * `missing`: no credential at all; `unavailable`: the published keys cannot be had, so nobody can tell.
   * The message is for the caller and gives nothing away.
   */
  | { ok: false; reason: 'missing' | 'invalid' | 'expired' | 'unavailable'; message: string };

/** The credential as it came: the value of Authorization, or of X-Admin-Token. */
export interface Credential {
  authorization?: string;
  adminToken?: string;
}

export type Authenticate = (credential: Credential) => Promise<Authentication>;

const claims = z.object({
  sub: z.string().min(1).max(256),
  exp: z.number(),
  role: z.enum(ROLES),
  rooms: z
    .array(z.string().refine((room) => room === EVERY_ROOM || isValidRoom(room)))
    .max(1_000)
    .default([]),
});

const PUBLISHED_KEY_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

export function createAuthenticate(options: AuthOptions): Authenticate {
  const verify = createVerify(options);
  const admin: Viewer = { id: 'admin', role: 'ADMIN', rooms: [EVERY_ROOM], expiresAt: null };

  return async (credential) => {
    const token = credential.adminToken ?? bearerOf(credential.authorization);
    if (!token) return { ok: false, reason: 'missing', message: 'Send a token: Authorization: Bearer ….' };
    if (equals(token, options.adminToken)) return { ok: true, viewer: admin };
    if (credential.adminToken !== undefined) return INVALID;
    try {
      return { ok: true, viewer: toViewer(await verify(token)) };
    } catch (error) {
      if (error instanceof errors.JWTExpired) return EXPIRED;
      if (!(error instanceof KeysUnavailable)) return INVALID;
      options.onKeysUnavailable?.(error.cause);
      return UNAVAILABLE;
    }
  };
}

const INVALID: Authentication = { ok: false, reason: 'invalid', message: 'The token is not valid here.' };
const EXPIRED: Authentication = {
  ok: false,
  reason: 'expired',
  message: 'The token has expired: get a new one.',
};
const UNAVAILABLE: Authentication = {
  ok: false,
  reason: 'unavailable',
  message: 'Tokens cannot be checked at the moment: try again.',
};

/** The published keys cannot be had; nothing is said about the token. */
class KeysUnavailable extends Error {}

function createVerify({ jwtSecret, jwksUrl }: AuthOptions): (token: string) => Promise<JWTPayload> {
  const secret = jwtSecret === undefined ? undefined : new TextEncoder().encode(jwtSecret);
  const published = jwksUrl === undefined ? undefined : publishedKeys(jwksUrl);
  const required = { requiredClaims: ['sub', 'exp', 'role'] };
  return async (token) => {
    if (secret) {
      try {
        return (await jwtVerify(token, secret, { ...required, algorithms: ['HS256'] })).payload;
      } catch (error) {
        // Signed otherwise: perhaps by a published key.
        if (!published || !(error instanceof errors.JOSEAlgNotAllowed)) throw error;
      }
    }
    if (!published) throw new errors.JWTInvalid('No keys are configured');
    return (await jwtVerify(token, published, { ...required, algorithms: PUBLISHED_KEY_ALGORITHMS })).payload;
  };
}

/** The key set behind the URL, which tells a token without a key from keys that cannot be had. */
function publishedKeys(url: string): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(url));
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      const isAboutToken =
        error instanceof errors.JWKSNoMatchingKey ||
        error instanceof errors.JWKSMultipleMatchingKeys ||
        error instanceof errors.JOSENotSupported;
      throw isAboutToken ? error : new KeysUnavailable('The published keys cannot be had', { cause: error });
    }
  };
}

// Milliseconds of the last moment that a Date can hold: a token may claim to live longer.
const END_OF_TIME = 8.64e15;

function toViewer(payload: JWTPayload): Viewer {
  const { sub, role, rooms, exp } = claims.parse(payload);
  return { id: sub, role, rooms, expiresAt: new Date(Math.min(exp * 1_000, END_OF_TIME)) };
}

function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];
}

// Digests have one length and tell nothing about how much of a guess was right.
function equals(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
