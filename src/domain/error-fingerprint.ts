/** The fingerprint of an error: the same for errors that differ only in numbers and ids. */
import { createHash } from 'node:crypto';
import { fromTypeId, toTypeId } from './typeid.ts';

/** Characters of a message that count. */
const COMPARED_CHARACTERS = 500;
const DIGITS = 16;

/** What differs from one failure to the next, in this order: ids of this server, UUIDs, hashes and keys, numbers. */
const VARIABLE: readonly RegExp[] = [
  /\b[a-z]+_[0-9a-hjkmnp-tv-z]{26}\b/gi,
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  /\b(?:0x)?(?=[a-f]*\d)[0-9a-f]{8,}\b/gi,
  /\b(?=[a-z_-]*\d)[a-z0-9_-]{20,}\b/gi,
  /\d+(?:[.,:]\d+)*/g,
];

/** The message with a sign in place of each number and id, in lower case. @internal */
export function withoutNumbers(message: string): string {
  const compared = message.slice(0, COMPARED_CHARACTERS);
  return VARIABLE.reduce((text, pattern) => text.replace(pattern, '#'), compared)
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}

/** Of code and message: 16 hexadecimal digits. Errors are alike where it is the same in the same job. */
export function fingerprintOf({ code, message }: { code: string | null; message: string }): string {
  return createHash('sha256')
    .update(`${code ?? ''}\n${withoutNumbers(message)}`)
    .digest('hex')
    .slice(0, DIGITS);
}

/** Which errors are alike: those of this job with this fingerprint. */
export interface ErrorKind {
  /** UUID. */
  jobId: string;
  /** As `fingerprintOf` gives it. */
  fingerprint: string;
}

const PREFIX = 'job_';

/** As callers know it: the digits of the job's id, and the fingerprint. */
export function writeErrorKind({ jobId, fingerprint }: ErrorKind): string {
  return `${toTypeId('job', jobId).slice(PREFIX.length)}-${fingerprint}`;
}

/** Null for what is none. */
export function readErrorKind(text: string): ErrorKind | null {
  const [, job, fingerprint] = /^([0-9a-z]{26})-([0-9a-f]{16})$/.exec(text) ?? [];
  const jobId = job === undefined ? null : fromTypeId('job', PREFIX + job);
  return jobId === null || fingerprint === undefined ? null : { jobId, fingerprint };
}
