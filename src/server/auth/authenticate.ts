/** Who is calling: whom the application says, the static admin token, an API key, or a JSON Web Token. */
import type { IncomingMessage } from 'node:http';
import { ADMIN_ID, EVERY_ROOM, type Viewer } from '../../domain/access.ts';
import { API_KEY_START, digestOf, prefixOfApiKey, sameDigest } from '../../domain/api-key.ts';
import type { ApiKeyCache, KeyVerdict } from './api-key-cache.ts';
import { ClaimRefused, createVerifyJwt, type JwtOptions, TokenExpired } from './jwt.ts';
import { KeysUnavailable } from './published-keys.ts';
import type { Guess, SignInFailures } from './sign-in-failures.ts';
import type { TaskTokenSigner } from './task-tokens.ts';

export interface AuthOptions extends JwtOptions {
  adminToken: string;
  /** The one before it, which is taken as well. */
  previousAdminToken?: string | undefined;
  /** A token that reads metrics and nothing else. */
  metricsToken?: string | undefined;
  keys: Pick<ApiKeyCache, 'verify' | 'isRevoked'>;
  taskTokens: Pick<TaskTokenSigner, 'isTaskToken' | 'verify'>;
  failures: SignInFailures;
  /** Called with what is unavailable, so that a credential cannot be checked. */
  onUnavailable: (what: string, error: unknown) => void;
  /** Comes before tokens. */
  identify?: Identify | undefined;
}

export type Authentication =
  | { ok: true; viewer: Viewer }
  /** The message is for the caller and gives nothing away. */
  | {
      ok: false;
      /**
       * `missing`: no credential at all; `unavailable`: it cannot be checked at the moment; `too-many`: this address has
       * guessed too often.
       */
      reason: 'missing' | 'invalid' | 'expired' | 'unavailable' | 'too-many';
      message: string;
      /** Of `too-many`: seconds to wait. */
      retryAfterSeconds?: number;
    };

export type Refusal = Extract<Authentication, { ok: false }>;

/** The credential as it came: the value of Authorization, or of X-Admin-Token. */
export interface Credential {
  authorization?: string | undefined;
  adminToken?: string | undefined;
  /** Where it comes from; failures are counted by it. */
  address?: string | undefined;
  /** The request that it came with, or by which its socket was opened. */
  request?: IncomingMessage | undefined;
}

/** Says who a request is from, where the application knows; null leaves it to tokens. @param token the bearer token */
export type Identify = (request: IncomingMessage, token: string | undefined) => Promise<Viewer | null>;

export interface SignIn {
  authenticate(credential: Credential): Promise<Authentication>;
  /** Whether metrics may be read, or why not. */
  mayReadMetrics(credential: Credential): Promise<boolean | Refusal>;
}

export type Authenticate = SignIn['authenticate'];

/** A token that stands in the settings, and who holds it. */
interface Secret {
  digest: string;
  viewer: Viewer;
}

class KeyUnknown extends Error {}

/** Longer than any header may be; over a socket more could come. */
const MAX_TOKEN_LENGTH = 16_384;

/** Verifies what was signed or issued: API keys, task tokens and JSON Web Tokens, each by its form. */
function createVerify(options: AuthOptions): (token: string, digest: string) => Promise<Authentication> {
  const { keys, taskTokens, onUnavailable } = options;
  const verifyJwt = createVerifyJwt(options);

  async function verify(token: string, digest: string): Promise<Authentication> {
    const isApiKey = token.startsWith(API_KEY_START);
    try {
      const viewer = await (isApiKey
        ? keys.verify(token, digest)
        : taskTokens.isTaskToken(token)
          ? verifyTaskToken(token, digest)
          : verifyJwt(token, digest));
      if (viewer === 'unknown') return INVALID;
      if (viewer === 'revoked') return REVOKED;
      const isOver = viewer.expiresAt !== null && viewer.expiresAt.getTime() <= Date.now();
      return isOver ? EXPIRED : { ok: true, viewer };
    } catch (error) {
      return refusalOf(error, isApiKey);
    }
  }

  /** What a failed verification means for the caller; an outage is also reported. */
  function refusalOf(error: unknown, isApiKey: boolean): Authentication {
    if (error instanceof TokenExpired) return EXPIRED;
    if (error instanceof ClaimRefused) return { ok: false, reason: 'invalid', message: error.message };
    if (error instanceof KeysUnavailable) onUnavailable('the keys of SIGNALBOX_JWKS_URL', error.cause);
    else if (isApiKey || error instanceof KeyUnknown) onUnavailable('API keys', error);
    else return INVALID;
    return UNAVAILABLE;
  }

  /** It ends with the API key that has made it. */
  async function verifyTaskToken(token: string, digest: string): Promise<KeyVerdict> {
    const viewer = await taskTokens.verify(token, digest);
    if (viewer.keyId === undefined) return viewer;
    const isRevoked = await keys.isRevoked(viewer.keyId).catch((cause: unknown) => {
      throw new KeyUnknown('API keys cannot be asked about', { cause });
    });
    return isRevoked ? 'revoked' : viewer;
  }

  return verify;
}

/** The one place where tokens are looked at, whichever way they come in. */
export function createSignIn(options: AuthOptions): SignIn {
  const { failures, onUnavailable, metricsToken } = options;
  const verify = createVerify(options);
  const secretsOf = (viewer: Viewer, ...tokens: (string | undefined)[]): Secret[] =>
    tokens.flatMap((token) => (token === undefined ? [] : { digest: digestOf(token), viewer }));
  const admin = secretsOf(ADMIN, options.adminToken, options.previousAdminToken);
  const metrics = secretsOf(METRICS_READER, metricsToken);
  // What has another form than these is compared with none of them.
  const areSigned = [options.adminToken, options.previousAdminToken, metricsToken].some(
    (token) => token !== undefined && isSigned(token),
  );

  /** From where too much was guessed, tokens that a person may have chosen are not compared. */
  function compare(digest: string, secrets: readonly Secret[], guess: Guess): Authentication | undefined {
    const found = secrets.find((secret) => sameDigest(digest, secret.digest));
    if (!found) return undefined;
    guess.right();
    return { ok: true, viewer: found.viewer };
  }

  async function signIn(credential: Credential, secrets: readonly Secret[]): Promise<Authentication> {
    const { authorization, adminToken, address } = credential;
    const token = adminToken ?? bearerOf(authorization);
    if (!token) return MISSING;
    const digest = digestOf(token);
    let guess: Guess | undefined;
    if (areSigned || adminToken !== undefined || !isSigned(token)) {
      guess = failures.begin(address, digest);
      const known = guess && compare(digest, secrets, guess);
      if (known) return known;
    }
    // Keys and signed tokens cannot be guessed: whoever has one is let in, also from an address that is barred.
    const result =
      adminToken === undefined && token.length <= MAX_TOKEN_LENGTH ? await verify(token, digest) : INVALID;
    if (result !== INVALID) {
      guess?.right();
      return result;
    }
    guess ??= failures.begin(address, digest);
    if (!guess) return tooMany(failures.barredSeconds(address));
    await guess.wrong();
    return result;
  }

  async function identified(
    identify: Identify,
    { request, authorization }: Credential,
  ): Promise<Authentication | undefined> {
    if (!request) return undefined;
    try {
      const viewer = await identify(request, bearerOf(authorization));
      if (!viewer) return undefined;
      const isOver = viewer.expiresAt !== null && viewer.expiresAt.getTime() <= Date.now();
      return isOver ? EXPIRED : { ok: true, viewer };
    } catch (error) {
      onUnavailable('who a request is from', error);
      return UNAVAILABLE;
    }
  }

  /** With what the application knows before what the settings say. */
  async function signInBy(credential: Credential, secrets: readonly Secret[]): Promise<Authentication> {
    const result = options.identify && (await identified(options.identify, credential));
    return result ?? signIn(credential, secrets);
  }

  return {
    authenticate: (credential) => signInBy(credential, admin),
    async mayReadMetrics(credential) {
      const result = await signInBy(credential, [...admin, ...metrics]);
      return result.ok ? result.viewer === METRICS_READER || result.viewer.role === 'ADMIN' : result;
    },
  };
}

const ADMIN: Viewer = { id: ADMIN_ID, role: 'ADMIN', rooms: [EVERY_ROOM], expiresAt: null };
/** It is nobody where anything but metrics is asked for. */
const METRICS_READER: Viewer = { id: '@metrics', role: 'USER', rooms: [], expiresAt: null };

/** Whether the token has the form of an API key or of a JSON Web Token. */
function isSigned(token: string): boolean {
  return prefixOfApiKey(token) !== null || /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token);
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
