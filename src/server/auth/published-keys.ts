/** The keys that an issuer publishes (JWKS), read again as it changes them. */
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';

/** The published keys cannot be had; nothing is said about the token. */
export class KeysUnavailable extends Error {}

// An issuer that could not give its keys is not asked again for so long.
const RETRY_MS = 1_000;
// A key set has a few kilobytes; whoever answers with more is not read to the end.
const MAX_BYTES = 262_144;

/**
 * The key set behind the URL, which distinguishes a token without a key from keys that cannot be had. It is kept for ten
 * minutes, and read again for an unknown key once in thirty seconds at most: made-up keys cannot make us a nuisance.
 */
export function publishedKeys(url: string): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(url), { [customFetch]: fetchBounded });
  let failure: { cause: unknown; at: number } | undefined;
  return async (header, token) => {
    if (failure && performance.now() - failure.at < RETRY_MS) {
      throw new KeysUnavailable('The published keys could not be had a moment ago', { cause: failure.cause });
    }
    try {
      const key = await keys(header, token);
      failure = undefined;
      return key;
    } catch (error) {
      const isAboutToken =
        error instanceof errors.JWKSNoMatchingKey ||
        error instanceof errors.JWKSMultipleMatchingKeys ||
        error instanceof errors.JOSENotSupported;
      if (isAboutToken) throw error;
      failure = { cause: error, at: performance.now() };
      throw new KeysUnavailable('The published keys cannot be had', { cause: error });
    }
  };
}

/** As fetch does, of an answer of bounded length. Its time is bounded by the signal. */
async function fetchBounded(url: string, options: RequestInit): Promise<Response> {
  const { status, body } = await fetch(url, options);
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the rest.
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new Error(`The answer of ${url} is longer than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks), { status });
}
