/**
 * JSON Web Tokens: signed with the shared secret (HS256), or by a key that the issuer publishes. The algorithm is chosen
 * by what is configured, never by the token alone.
 */
import { errors, type JWTPayload, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { EVERY_ROOM, isSubject, ROLES, type Viewer } from '../../domain/access.ts';
import { isValidRoom } from '../../domain/rooms.ts';
import { isStorable } from '../../domain/storable.ts';
import { publishedKeys } from './published-keys.ts';

export interface JwtOptions {
  /** HS256 secret. */
  jwtSecret?: string | undefined;
  /** The one before it, by which tokens may still be signed. */
  previousJwtSecret?: string | undefined;
  /** URL of a JSON Web Key Set. */
  jwksUrl?: string | undefined;
  /** What `iss` must be. */
  jwtIssuer?: string | undefined;
  /** Of which `aud` must name one. */
  jwtAudience?: string[] | undefined;
}

/**
 * Who the token says one is. Rejects with TokenExpired, ClaimRefused, KeysUnavailable, or anything for a token that is
 * not valid.
 */
export type VerifyJwt = (token: string, digest: string) => Promise<Viewer>;

/** Signed well, and over. */
export class TokenExpired extends Error {}

/** Signed well, with a claim that is missing or wrong. The message is for the caller, who has been trusted with the token. */
export class ClaimRefused extends Error {
  constructor(claim: string) {
    super(`The token's claim "${claim}" ${CLAIMS[claim] ?? 'is not valid'}.`);
  }
}

// What this server expects of issuers and audiences it keeps to itself: published keys sign for others, too.
const CLAIMS: Record<string, string | undefined> = {
  sub: 'must be 1 to 256 storable characters, not begin with "@" and be no id of this server',
  exp: 'must be a number: seconds since 1970',
  role: `must be one of ${ROLES.join(', ')}`,
  rooms: 'must be a list of rooms, 1,000 at most, or ["*"] for all',
  tier: 'must be a text of 1 to 64 characters',
  nbf: 'lies ahead: the token is not valid yet',
  iss: 'does not name the issuer that this server trusts',
  aud: 'does not name this server',
};

// Clocks differ: `nbf` may be so far ahead of ours. `exp` is exact: connections are closed at that time.
const TOLERATED_SECONDS = 5;
// A token that was verified is not verified again for so long; a key that the issuer withdraws may live on as long.
const VERIFIED_MS = 60_000;
const MAX_VERIFIED = 10_000;

const claims = z.object({
  sub: z.string().refine(isSubject),
  exp: z.number(),
  role: z.enum(ROLES),
  rooms: z
    .array(z.string().refine((room) => room === EVERY_ROOM || isValidRoom(room)))
    .max(1_000)
    .default([]),
  tier: z.string().min(1).max(64).refine(isStorable).optional(),
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

export function createVerifyJwt(options: JwtOptions): VerifyJwt {
  const verified = new LRUCache<string, Viewer & { expiresAt: Date }>({
    max: MAX_VERIFIED,
    ttl: VERIFIED_MS,
  });
  const verify = createVerify(options);

  return async (token, digest) => {
    const viewer = verified.get(digest) ?? toViewer(await verify(token));
    if (viewer.expiresAt.getTime() <= Date.now()) throw new TokenExpired();
    if (!verified.has(digest)) verified.set(digest, viewer);
    return viewer;
  };
}

function createVerify(options: JwtOptions): (token: string) => Promise<JWTPayload> {
  const { jwksUrl, jwtIssuer: issuer, jwtAudience: audience } = options;
  const secrets = [options.jwtSecret, options.previousJwtSecret].flatMap((secret) =>
    secret === undefined ? [] : new TextEncoder().encode(secret),
  );
  const published = jwksUrl === undefined ? undefined : publishedKeys(jwksUrl);
  const required = {
    requiredClaims: ['sub', 'exp', 'role'],
    clockTolerance: TOLERATED_SECONDS,
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  };

  /** By the shared secrets, one after the other; undefined when the token is not signed as they sign. */
  async function verifyBySecret(token: string): Promise<JWTPayload | undefined> {
    for (const [index, secret] of secrets.entries()) {
      try {
        return (await jwtVerify(token, secret, { ...required, algorithms: ['HS256'] })).payload;
      } catch (error) {
        if (error instanceof errors.JOSEAlgNotAllowed && published) return undefined;
        const isOther = error instanceof errors.JWSSignatureVerificationFailed;
        if (!isOther || index + 1 === secrets.length) throw error;
      }
    }
    return undefined;
  }

  async function verifyByPublishedKey(token: string): Promise<JWTPayload> {
    if (!published) throw new errors.JWTInvalid('No keys are configured');
    return (await jwtVerify(token, published, { ...required, algorithms: PUBLISHED_KEY_ALGORITHMS })).payload;
  }

  return async (token) => {
    try {
      return (await verifyBySecret(token)) ?? (await verifyByPublishedKey(token));
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new TokenExpired();
      // Claims are looked at when the signature has been verified, and not before.
      throw error instanceof errors.JWTClaimValidationFailed ? new ClaimRefused(error.claim) : error;
    }
  };
}

// Milliseconds of the last moment that a Date can hold: a token may claim to live longer.
const END_OF_TIME = 8.64e15;

function toViewer(payload: JWTPayload): Viewer & { expiresAt: Date } {
  const { data, error } = claims.safeParse(payload);
  if (error) throw new ClaimRefused(String(error.issues[0]?.path[0]));
  const { sub, role, rooms, exp, tier } = data;
  return { id: sub, role, rooms, expiresAt: new Date(Math.min(exp * 1_000, END_OF_TIME)), tier };
}
