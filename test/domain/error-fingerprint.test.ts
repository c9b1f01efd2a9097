import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fingerprintOf,
  readErrorKind,
  withoutNumbers,
  writeErrorKind,
} from '../../src/domain/error-fingerprint.ts';
import { newUuid, toTypeId } from '../../src/domain/typeid.ts';

const of = (message: string, code: string | null = null) => fingerprintOf({ code, message });

describe('the fingerprint of an error', () => {
  it.each([
    ['numbers', 'took 31 ms of 30', 'took 2,000 ms of 1.5'],
    ['addresses', 'connection refused by 10.0.0.1:5432', 'connection refused by 192.168.7.22:80'],
    ['times', 'late since 2026-11-30T09:30:00.000Z', 'late since 2025-01-01T00:00:00.123Z'],
    ['UUIDs', `no photo ${newUuid()}`, `no photo ${newUuid()}`],
    ['ids of tasks', `waits for ${toTypeId('task', newUuid())}`, `waits for ${toTypeId('task', newUuid())}`],
    ['hashes', 'commit 0cc175b9c0f1b6a831c399e269772661', 'commit c4ca4238a0b923820dcc509a6f75849b'],
    ['keys', 'no upload Zk3vQx81bTn0_YqW2rLs7', 'no upload a9Kd82mWq0-Lx7Rt55vNc'],
    ['case and white space', 'Disk  full\n', 'disk full'],
  ])('is the same for messages that differ in %s', (_what, one, other) => {
    expect(of(one)).toBe(of(other));
    expect(of(one)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('is another for other words, and another code', () => {
    expect(of('disk full')).not.toBe(of('disk gone'));
    expect(of('disk full', 'A')).not.toBe(of('disk full', 'B'));
    expect(withoutNumbers('Connection refused by decade-old face')).toBe(
      'connection refused by decade-old face',
    );
  });

  it('depends on no number, whatever stands around it, and is quickly made of any text', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.string(), (one, other, text) => {
        expect(of(`${text} ${one} times`)).toBe(of(`${text} ${other} times`));
      }),
    );
    const begun = performance.now();
    for (const text of ['a1'.repeat(50_000), '-'.repeat(100_000), 'f'.repeat(100_000)]) of(text);
    expect(performance.now() - begun).toBeLessThan(200);
  });

  it('is written with its job, and read back', () => {
    const kind = { jobId: newUuid(), fingerprint: of('disk full') };
    expect(readErrorKind(writeErrorKind(kind))).toEqual(kind);
    for (const text of [
      '',
      'x',
      kind.fingerprint,
      `${writeErrorKind(kind)}0`,
      `z${writeErrorKind(kind).slice(1)}`,
    ])
      expect(readErrorKind(text)).toBeNull();
  });
});
