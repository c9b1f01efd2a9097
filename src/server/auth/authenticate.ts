/** Who is calling: the static admin token, an API key, or a JSON Web Token. */
import { EVERY_ROOM, type Viewer } from '../../domain/access.ts';
import { API_KEY_START, digestOf, sameDigest } from '../../domain/api-key.ts';
import type { ApiKeyCache } from './api-key-cache.ts';
import { ClaimRefused, createVerifyJwt, type JwtOptions, KeysUnavailable, TokenExpired } from './jwt.ts';
import type { SignInFailures } from './sign-in-failures.ts';

export interface AuthOptions extends JwtOptions {
  adminToken: string;
  keys: Pick<ApiKeyCache, 'verify'>;
  failures: SignInFailures;
  /** Told what it is that cannot be had, so that a credential cannot be checked. */
  onUnavailable: (what: string, error: unknown) => void;
}

export type Authentication =
  | { ok: true; viewer: Viewer }
  /** The message is for the caller and gives nothing away. */
  | {
      ok: false;
      /**
       * `missing`: no credential at all; `unavailable`: nobody can tell at the moment; `too-many`: this address has
       * guessed too often.
       */
      reason: 'missing' | 'invalid' | 'expired' | 'unavailable' | 'too-many';
      message: string;
      /** Of `too-many`: seconds to wait. */
      retryAfterSeconds?: number;
    };

type Refusal = Extract<Authentication, { ok: false }>;

/** The credential as it came: the value of Authorization, or of X-Admin-Token. */
export interface Credential {
  authorization?: string;
  adminToken?: string;
  /** Where it comes from; failures are counted by it. */
  address?: string;
}

export type Authenticate = (credential: Credential) => Promise<Authentication>;

export function createAuthenticate(options: AuthOptions): Authenticate {
  const { keys, failures, onUnavailable } = options;
  const adminDigest = digestOf(options.adminToken);
  const verifyJwt = createVerifyJwt(options);
  const admin: Viewer = { id: 'admin', role: 'ADMIN', rooms: [EVERY_ROOM], expiresAt: null };

  async function verify(token: string, digest: string): Promise<Authentication> {
    const isApiKey = token.startsWith(API_KEY_START);
    try {
      const viewer = await (isApiKey ? keys.verify(token, digest) : verifyJwt(token, digest));
      if (viewer === 'unknown') return INVALID;
      if (viewer === 'revoked') return REVOKED;
      const isOver = viewer.expiresAt !== null && viewer.expiresAt.getTime() <= Date.now();
      return isOver ? EXPIRED : { ok: true, viewer };
    } catch (error) {
      if (error instanceof TokenExpired) return EXPIRED;
      if (error instanceof ClaimRefused) return { ok: false, reason: 'invalid', message: error.message };
      if (error instanceof KeysUnavailable) onUnavailable('the keys of SIGNALBOX_JWKS_URL', error.cause);
      else if (isApiKey) onUnavailable('API keys', error);
      else return INVALID;
      return UNAVAILABLE;
    }
  }

  return async ({ authorization, adminToken, address }) => {
    const token = adminToken ?? bearerOf(authorization);
    if (!token) return MISSING;
    const digest = digestOf(token);
    // From where too much was guessed, the one token that a person may have chosen is not tried. The others cannot be
    // guessed: who has one is let in, also behind an address that is shared with whoever guesses.
    const barredSeconds = failures.barredSeconds(address);
    if (barredSeconds === 0 && sameDigest(digest, adminDigest)) return { ok: true, viewer: admin };
    const result = adminToken === undefined ? await verify(token, digest) : INVALID;
    if (result !== INVALID) return result;
    if (barredSeconds > 0) return tooMany(barredSeconds);
    await failures.note(address, digest);
    return result;
  };
}

const MISSING: Refusal = {
  ok: false,
  reason: 'missing',
  message: 'Send a token: Authorization: Bearer ….',
};
const INVALID: Refusal = { ok: false, reason: 'invalid', message: 'The token is not valid here.' };
const REVOKED: Refusal = { ok: false, reason: 'invalid', message: 'The API key was revoked.' };
const EXPIRED: Refusal = {
  ok: false,
  reason: 'expired',
  message: 'The token has expired: get a new one.',
};
const UNAVAILABLE: Refusal = {
  ok: false,
  reason: 'unavailable',
  message: 'Tokens cannot be checked at the moment: try again.',
};

function tooMany(seconds: number): Refusal {
  return {
    ok: false,
    reason: 'too-many',
    message: `Too many tokens from this address were not valid: try again in ${seconds} seconds.`,
    retryAfterSeconds: seconds,
  };
}

function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];
}
