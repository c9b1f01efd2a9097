import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaskChange, TransitionChange } from '../../../src/domain/task.ts';
import { Sequencer, type SequencerOptions } from '../../../src/events/hub/sequencer.ts';
import { label, progress, readFrom, transition } from '../changes.ts';
import { deferred } from '../inbox.ts';

/** A sequencer over a log in an array, with what it delivered and which ranges it read. */
function sequencerOver(
  log: TransitionChange[],
  options: Partial<SequencerOptions> & { since?: () => string } = {},
) {
  const delivered: string[] = [];
  const reads: number[] = [];
  const known = new Map<string, number>();
  const sequencer = new Sequencer({
    known,
    since: () => '0',
    deliver: (change) => delivered.push(label(change)),
    read: async (ranges) => {
      reads.push(ranges.length);
      return readFrom(log, ranges);
    },
    ...options,
  });
  return { sequencer, delivered, reads, known };
}

const history = (taskId: string, versions: number) =>
  Array.from({ length: versions }, (_, index) => transition(taskId, index + 1));

describe('the sequencer', () => {
  it('delivers what comes in order without reading the log', async () => {
    const log = history('a', 3);
    const { sequencer, delivered, reads } = sequencerOver(log);
    await sequencer.offer(log);
    expect(delivered).toEqual(['a v1', 'a v2', 'a v3']);
    expect(reads).toEqual([]);
  });

  it('needs no read for a batch whose versions are only out of order', async () => {
    const log = history('a', 3);
    const { sequencer, delivered, reads } = sequencerOver(log);
    await sequencer.offer([...log].reverse());
    expect(delivered).toEqual(['a v1', 'a v2', 'a v3']);
    expect(reads).toEqual([]);
  });

  it('drops what was delivered', async () => {
    const log = history('a', 2);
    const { sequencer, delivered } = sequencerOver(log);
    await sequencer.offer(log);
    await sequencer.offer(log);
    expect(delivered).toEqual(['a v1', 'a v2']);
  });

  it('reads all holes of a batch by one statement', async () => {
    const log = [...history('a', 3), ...history('b', 4)];
    const { sequencer, delivered, reads } = sequencerOver(log);
    await sequencer.offer([transition('a', 1), transition('b', 1)]);
    await sequencer.offer([transition('a', 3), transition('b', 4)]);
    expect(reads).toEqual([2]);
    expect(delivered.filter((line) => line.startsWith('a'))).toEqual(['a v1', 'a v2', 'a v3']);
    expect(delivered.filter((line) => line.startsWith('b'))).toEqual(['b v1', 'b v2', 'b v3', 'b v4']);
  });

  it('lets other tasks pass while a hole is read, and what comes for its own task wait', async () => {
    const log = [...history('a', 4), ...history('b', 1)];
    const answer = deferred<TransitionChange[]>();
    const { sequencer, delivered } = sequencerOver(log, { read: () => answer.promise });
    await sequencer.offer([transition('a', 1)]);
    const filling = sequencer.offer([transition('a', 3)]);
    const waiting = sequencer.offer([transition('a', 4), transition('a', 2)]);
    await sequencer.offer([transition('b', 1)]);
    expect(delivered).toEqual(['a v1', 'b v1']);
    answer.resolve(log.slice(1, 3));
    await Promise.all([filling, waiting]);
    expect(delivered).toEqual(['a v1', 'b v1', 'a v2', 'a v3', 'a v4']);
    expect(sequencer.waiting).toBe(0);
  });

  it('on first sight delivers only what is owed: versions from `since` on', async () => {
    const log = history('a', 5); // written by 101 to 105
    const { sequencer, delivered } = sequencerOver(log, { since: () => '103' });
    await sequencer.offer([transition('a', 5)]);
    expect(delivered).toEqual(['a v3', 'a v4', 'a v5']);
  });

  it('on first sight takes nothing below a version that is not owed, though it has a later transaction', async () => {
    const log = [
      transition('a', 1, { xid: '90' }),
      transition('a', 2, { xid: '105' }),
      transition('a', 3, { xid: '98' }), // a transaction that began earlier and waited for the row
      transition('a', 4, { xid: '110' }),
    ];
    const { sequencer, delivered } = sequencerOver(log, { since: () => '100' });
    await sequencer.offer([transition('a', 4, { xid: '110' })]);
    expect(delivered).toEqual(['a v4']);
  });

  it('drops what is late and below `since`, though the task was forgotten', async () => {
    const { sequencer, delivered, reads } = sequencerOver(history('a', 2), { since: () => '103' });
    await sequencer.offer(history('a', 2));
    expect(delivered).toEqual([]);
    expect(reads).toEqual([]);
  });

  it('delivers progress of the present version, drops older, and fills the hole below newer', async () => {
    const log = history('a', 4);
    const { sequencer, delivered } = sequencerOver(log);
    await sequencer.offer(log.slice(0, 2));
    await sequencer.offer([progress('a', 1, 10)]);
    await sequencer.offer([progress('a', 2, 20)]);
    await sequencer.offer([progress('a', 4, 40)]);
    expect(delivered).toEqual(['a v1', 'a v2', 'a v2 20%', 'a v3', 'a v4', 'a v4 40%']);
  });

  it('reads once for the progress of a task that was not seen before', async () => {
    const log = history('a', 3);
    const { sequencer, delivered, reads } = sequencerOver(log, { since: () => '200' });
    await sequencer.offer([progress('a', 3, 10)]);
    await sequencer.offer([progress('a', 3, 20)]);
    await sequencer.offer([transition('a', 4, { xid: '210' })]);
    expect(delivered).toEqual(['a v3 10%', 'a v3 20%', 'a v4']);
    expect(reads).toHaveLength(1);
  });

  it('believes no version that the log does not have', async () => {
    const log = history('a', 3);
    const { sequencer, delivered } = sequencerOver(log);
    await sequencer.offer([transition('a', 1)]);
    await sequencer.offer([transition('a', 1000), progress('b', 7, 50)]);
    await sequencer.offer([transition('a', 2), transition('a', 3)]);
    expect(delivered).toEqual(['a v1', 'a v2', 'a v3']);
  });

  it('forgets what waited when the log cannot be read, and starts over when it is offered again', async () => {
    const log = history('a', 3);
    let broken = true;
    const { sequencer, delivered } = sequencerOver(log, {
      read: async (ranges) => {
        if (broken) throw new Error('no database');
        return readFrom(log, ranges);
      },
    });
    await sequencer.offer(log.slice(0, 1));
    const first = sequencer.offer([transition('a', 3)]);
    const second = sequencer.offer([transition('a', 2)]);
    await expect(first).rejects.toThrow('no database');
    await expect(second).rejects.toThrow('no database');
    expect(sequencer.waiting).toBe(0);
    broken = false;
    await sequencer.offer([transition('a', 3)]);
    expect(delivered).toEqual(['a v1', 'a v2', 'a v3']);
  });

  it('delivers nothing and reads no more once it is closed, though a read is under way', async () => {
    const log = history('a', 3);
    const answer = deferred<TransitionChange[]>();
    let reads = 0;
    const { sequencer, delivered, known } = sequencerOver(log, {
      read: () => {
        reads++;
        return answer.promise;
      },
    });
    const filling = sequencer.offer([transition('a', 3)]);
    sequencer.close();
    answer.resolve(log);
    await filling;
    await sequencer.offer(log);
    expect({ delivered, reads, known: known.size, waiting: sequencer.waiting }).toEqual({
      delivered: [],
      reads: 1,
      known: 0,
      waiting: 0,
    });
  });

  it('holds no more than its limit behind a read that does not end', async () => {
    const log = history('a', 50);
    let answer = deferred<TransitionChange[]>();
    const { sequencer, delivered } = sequencerOver(log, { read: () => answer.promise, maxWaiting: 10 });
    await sequencer.offer(log.slice(0, 1));
    const offers = log.slice(2, 40).map((change) => sequencer.offer([change]));
    const outcomes = Promise.allSettled(offers);
    expect(sequencer.waiting).toBeLessThanOrEqual(10);
    answer.resolve([]);
    expect((await outcomes).some(({ status }) => status === 'rejected')).toBe(true);
    answer = deferred();
    answer.resolve(log.slice(1));
    await sequencer.offer(log.slice(-1));
    expect(delivered).toEqual(log.map(label));
  });
});

/** Any way in which messages about a complete log can reach a server. */
const scenario = fc
  .record({
    versions: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 }),
    seed: fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
    batches: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 40 }),
    fate: fc.array(fc.constantFrom('lost', 'once', 'twice', 'thrice'), { minLength: 60, maxLength: 60 }),
    failing: fc.array(fc.boolean(), { maxLength: 10 }),
    since: fc.integer({ min: 0, max: 40 }),
  })
  .map(({ versions, ...rest }) => {
    // Transactions are numbered against the order of versions now and then, as waiting for a row lock does.
    let n = 0;
    const log = versions.flatMap((count, task) =>
      Array.from({ length: count }, (_, index) => {
        const xid = String(10 + ((rest.seed[n++ % 60] ?? 0) % 40));
        return transition(`task-${task}`, index + 1, { xid, id: String(n) });
      }),
    );
    const times = { lost: 0, once: 1, twice: 2, thrice: 3 };
    const messages = log.flatMap((change, index) => Array(times[rest.fate[index] ?? 'once']).fill(change));
    const order = (change: number) => (rest.seed[change % 60] ?? 0) % 997;
    const shuffled = messages
      .map((change, index) => ({ change, key: order(index) }))
      .sort((a, b) => a.key - b.key)
      .map(({ change }) => change as TransitionChange);
    return { log, shuffled, ...rest };
  });

describe('the sequencer under any loss, repetition and order of messages', () => {
  it('delivers every version once and in order when the log is read in the end', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ log, shuffled, batches, failing }) => {
        const failures = [...failing];
        const { sequencer, delivered } = sequencerOver(log, {
          read: async (ranges) => {
            if (failures.shift()) throw new Error('no database');
            return readFrom(log, ranges);
          },
        });
        const offers: Promise<void>[] = [];
        let from = 0;
        for (const size of batches) {
          offers.push(sequencer.offer(shuffled.slice(from, from + size)));
          from += size;
          if (size === 3) await Promise.allSettled(offers);
        }
        await Promise.allSettled(offers);
        // The tail: it offers all of it again until nothing fails.
        while (await sequencer.offer(log).catch(() => 'failed'));
        expectEachVersionOnce(delivered, log);
      }),
      { numRuns: 500 },
    );
  });

  it('delivers an unbroken run up to the newest version to who begins in the middle', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ log, shuffled, since }) => {
        const { sequencer, delivered } = sequencerOver(log, { since: () => String(10 + since) });
        await Promise.all(shuffled.map((change) => sequencer.offer([change])));
        await sequencer.offer(log.filter(({ transition }) => Number(transition.xid) >= 10 + since));
        for (const [, versions] of versionsByTask(delivered)) {
          expect(versions).toEqual(versions.map((_, index) => (versions[0] as number) + index));
        }
        // Nothing that is owed is missing: a version is, unless a later one lies below `since`.
        const owed = log.filter((change) => isOwed(change, log, 10 + since)).map(label);
        expect(delivered).toEqual(expect.arrayContaining(owed));
        expect(new Set(delivered).size).toBe(delivered.length);
      }),
      { numRuns: 500 },
    );
  });
});

function isOwed(change: TransitionChange, log: TransitionChange[], since: number): boolean {
  return log
    .filter(({ task }) => task.id === change.task.id && task.version >= change.task.version)
    .every(({ transition }) => Number(transition.xid) >= since);
}

function expectEachVersionOnce(delivered: string[], log: TaskChange[]): void {
  expect([...delivered].sort()).toEqual(log.map(label).sort());
  for (const [, versions] of versionsByTask(delivered)) {
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
  }
}

function versionsByTask(delivered: string[]): Map<string, number[]> {
  const byTask = new Map<string, number[]>();
  for (const line of delivered) {
    const [, task, version] = /^(.*) v(\d+)/.exec(line) as unknown as [string, string, string];
    byTask.set(task, [...(byTask.get(task) ?? []), Number(version)]);
  }
  return byTask;
}
