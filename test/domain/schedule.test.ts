import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cronIssue,
  decideDue,
  nextTick,
  nextTicks,
  normalizeCron,
  timeZoneIssue,
} from '../../src/domain/schedule.ts';

const BERLIN = 'Europe/Berlin';
const at = (text: string) => new Date(text);
const NOW = at('2026-06-01T12:00:00Z');

describe('a cron line', () => {
  it.each([
    ['0 5 * * *', NOW, ['2026-06-02T03:00:00Z', '2026-06-03T03:00:00Z']],
    ['@daily', NOW, ['2026-06-01T22:00:00Z', '2026-06-02T22:00:00Z']],
    ['0 0 L * *', NOW, ['2026-06-29T22:00:00Z', '2026-07-30T22:00:00Z']],
    ['0 0 29 2 *', NOW, ['2028-02-28T23:00:00Z', '2032-02-28T23:00:00Z']],
  ])('is read in its time zone: %s', (cron, after, ticks) => {
    expect(nextTicks({ cron, timeZone: BERLIN }, after, 2)).toEqual(ticks.map(at));
  });

  it('with fixed times runs once at the first instant after a gap', () => {
    // On 29 March 2026 the clocks of Berlin go from 02:00 to 03:00, which is 01:00 UTC.
    const before = at('2026-03-28T12:00:00Z');
    expect(nextTicks({ cron: '30 2 * * *', timeZone: BERLIN }, before, 2)).toEqual([
      at('2026-03-29T01:00:00Z'),
      at('2026-03-30T00:30:00Z'),
    ]);
    expect(nextTicks({ cron: '30 2,14 * * *', timeZone: BERLIN }, at('2026-03-28T20:00:00Z'), 2)).toEqual([
      at('2026-03-29T01:00:00Z'),
      at('2026-03-29T12:30:00Z'),
    ]);
  });

  it('with fixed times runs once when the clock shows a time twice', () => {
    // On 25 October 2026 it is 02:30 in Berlin at 00:30 and at 01:30 UTC.
    expect(nextTicks({ cron: '30 2 * * *', timeZone: BERLIN }, at('2026-10-24T12:00:00Z'), 2)).toEqual([
      at('2026-10-25T00:30:00Z'),
      at('2026-10-26T01:30:00Z'),
    ]);
  });

  it('with an interval skips what a gap leaves out and runs through what comes twice', () => {
    const half = { cron: '*/30 * * * *', timeZone: BERLIN };
    expect(nextTicks(half, at('2026-03-29T00:30:00Z'), 2)).toEqual([
      at('2026-03-29T01:00:00Z'),
      at('2026-03-29T01:30:00Z'),
    ]);
    expect(nextTicks(half, at('2026-10-25T00:00:00Z'), 3)).toEqual([
      at('2026-10-25T00:30:00Z'),
      at('2026-10-25T01:00:00Z'),
      at('2026-10-25T01:30:00Z'),
    ]);
  });

  it.each([
    ['0 0 31 2 *', /never comes true/],
    ['0 0 30 2 *', /never comes true/],
    ['* * * * * *', /five fields.*a minute is the shortest/],
    ['* * * *', /five fields/],
    ['2026-05-01T00:00:00', /five fields/],
    ['@reboot', /five fields/],
    ['61 * * * *', /no cron line: Invalid value for minute/],
    ['? * * * *', /must not contain/],
    ['a b c d e', /no cron line/],
  ])('is refused with the reason: %s', (cron, reason) => {
    expect(cronIssue({ cron, timeZone: 'UTC' }, NOW)).toMatch(reason);
  });

  it.each(['* * * * *', '@HOURLY', '0 0 * * FRI#2', '0 9 1W * *', '0 0 29 2 *'])('is taken: %s', (cron) => {
    expect(cronIssue({ cron, timeZone: 'UTC' }, NOW)).toBeNull();
  });

  it('is kept with single spaces', () => {
    expect(normalizeCron('  0\t5  * * * ')).toBe('0 5 * * *');
  });
});

describe('a time zone', () => {
  it.each(['UTC', BERLIN, 'America/Argentina/Buenos_Aires'])('is taken: %s', (zone) => {
    expect(timeZoneIssue(zone)).toBeNull();
  });

  it.each(['', 'Mars/Olympus', '+02:00', 'Europe/Berlin\n', '../etc/passwd'])('is refused: %j', (zone) => {
    expect(timeZoneIssue(zone)).toMatch(/IANA/);
  });
});

describe('a schedule that is due', () => {
  const hourly = { cron: '0 * * * *', timeZone: 'UTC' };

  it('runs its tick, and goes on to the next one', () => {
    expect(decideDue(hourly, at('2026-06-01T12:00:00Z'), at('2026-06-01T12:00:00.250Z'), 3600)).toEqual({
      tick: at('2026-06-01T12:00:00Z'),
      missedEarlier: false,
      isTooLate: false,
      next: at('2026-06-01T13:00:00Z'),
    });
  });

  it('runs only the latest of the ticks that were missed', () => {
    expect(decideDue(hourly, at('2026-06-01T03:00:00Z'), at('2026-06-01T12:10:00Z'), 3600)).toEqual({
      tick: at('2026-06-01T12:00:00Z'),
      missedEarlier: true,
      isTooLate: false,
      next: at('2026-06-01T13:00:00Z'),
    });
  });

  it('does not run a tick that lies outside the catch-up window', () => {
    const daily = { cron: '0 0 * * *', timeZone: 'UTC' };
    const due = at('2026-06-01T00:00:00Z');
    expect(decideDue(daily, due, at('2026-06-01T01:00:00Z'), 3600).isTooLate).toBe(false);
    expect(decideDue(daily, due, at('2026-06-01T01:00:00.001Z'), 3600).isTooLate).toBe(true);
  });

  it('never goes back, never stands still, and misses no tick that is to come, whatever the clock does', () => {
    const lines = ['*/7 * * * *', '30 2 * * *', '15 1-3 * * *', '0 0 1 * *', '5,35 */2 * * 0'];
    const zones = ['UTC', BERLIN, 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca'];
    const base = at('2026-03-01T00:00:00Z').getTime();
    fc.assert(
      fc.property(
        fc.constantFrom(...lines),
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 300 * 86_400_000 }),
        fc.integer({ min: 0, max: 3 * 86_400_000 }),
        (cron, timeZone, start, late) => {
          const timing = { cron, timeZone };
          const dueAt = nextTick(timing, new Date(base + start)) as Date;
          const now = new Date(dueAt.getTime() + late);
          const { tick, next, missedEarlier } = decideDue(timing, dueAt, now, 3600);
          expect(tick.getTime()).toBeGreaterThanOrEqual(dueAt.getTime());
          expect(tick.getTime()).toBeLessThanOrEqual(now.getTime());
          expect(missedEarlier).toBe(tick > dueAt);
          expect(next?.getTime()).toBeGreaterThan(now.getTime());
          // Between the tick that is run and the next one there is none.
          expect(nextTick(timing, tick)).toEqual(next);
        },
      ),
      { numRuns: 300 },
    );
  });
});
