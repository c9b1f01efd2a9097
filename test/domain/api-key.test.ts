import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf, newApiKeyToken, prefixOfApiKey, sameDigest } from '../../src/domain/api-key.ts';

describe('the token of an API key', () => {
  it('has a form that scanners can look for, and is another one every time', () => {
    const tokens = Array.from({ length: 100 }, newApiKeyToken);
    for (const { token, prefix, digest } of tokens) {
      expect(token).toMatch(/^sb_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$/);
      expect(prefixOfApiKey(token)).toBe(prefix);
      expect(digest).toBe(digestOf(token));
      expect(digest).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(new Set(tokens.map(({ token }) => token)).size).toBe(100);
    // The secret uses its whole alphabet: 4,300 characters miss one of 62 once in 10^28.
    expect(new Set(tokens.map(({ token }) => token.slice(12, 55)).join('')).size).toBe(62);
  });

  it('is not taken with any one character changed, left out or added', () => {
    const { token } = newApiKeyToken();
    const character = fc.constantFrom(...'09AZaz_-. ');
    fc.assert(
      fc.property(fc.nat(token.length - 1), character, fc.nat(2), (at, other, how) => {
        const rest = token.slice(at + (how === 2 ? 0 : 1));
        const changed = token.slice(0, at) + (how === 1 ? '' : other) + rest;
        expect(changed === token || prefixOfApiKey(changed) === null).toBe(true);
      }),
    );
  });

  it.each(['', 'sb_', 'eyJhbGciOiJIUzI1NiJ9.e30.x', `sb_${'x'.repeat(10_000)}`])('is not %j', (text) => {
    expect(prefixOfApiKey(text)).toBeNull();
  });
});

describe('digests', () => {
  it('are the same only for the same token', () => {
    const [one, two] = [newApiKeyToken(), newApiKeyToken()];
    expect(sameDigest(one.digest, digestOf(one.token))).toBe(true);
    expect(sameDigest(one.digest, two.digest)).toBe(false);
    expect(sameDigest(one.digest, '')).toBe(false);
  });
});
