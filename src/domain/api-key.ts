/**
 * API keys: `sb_<prefix>_<secret><checksum>`, letters and digits only.
 *
 * The prefix (8 characters) finds the key and is no secret. The secret (43 characters) has 256 random bits, so a plain
 * digest of the token is as good as a slow one. The checksum (6 characters, CRC-32 of all before it) lets scanners
 * recognise a leaked key, and garbage be refused without a look into the database.
 */
import { hash, randomInt, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** How every key begins, and no JSON Web Token does. */
export const API_KEY_START = 'sb_';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PREFIX_LENGTH = 8;
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;

const FORM = new RegExp(
  `^(${API_KEY_START}([0-9A-Za-z]{${PREFIX_LENGTH}})_[0-9A-Za-z]{${SECRET_LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
);

/** A new token, and the parts of it that are kept. */
export function newApiKeyToken(): { token: string; prefix: string; digest: string } {
  const prefix = randomText(PREFIX_LENGTH);
  const body = `${API_KEY_START}${prefix}_${randomText(SECRET_LENGTH)}`;
  const token = body + checksum(body);
  return { token, prefix, digest: digestOf(token) };
}

/** The prefix of a token that has the form of an API key and the right checksum; null for anything else. */
export function prefixOfApiKey(token: string): string | null {
  const [, body, prefix, sum] = FORM.exec(token) ?? [];
  return body !== undefined && prefix !== undefined && checksum(body) === sum ? prefix : null;
}

/** SHA-256 of a token in hexadecimal digits. */
export function digestOf(token: string): string {
  return hash('sha256', token);
}

/** Whether two digests are the same, in constant time. */
export function sameDigest(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function randomText(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

function checksum(text: string): string {
  let rest = crc32(text);
  let digits = '';
  while (digits.length < CHECKSUM_LENGTH) {
    digits = ALPHABET[rest % ALPHABET.length] + digits;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return digits;
}
