import { afterEach, describe, expect, it, vi } from 'vitest';
import { LongPoll } from '../../../src/events/workers/long-poll.ts';
import { chooseWaits } from '../../../src/events/workers/pipelined-claims.ts';

/** Waits for work in one process, with looks that are answered by hand. */
function play(keptMs = 60_000) {
  const listening = new Map<string, { available(jobId: string): void }>();
  const unseen: string[] = [];
  const waits = new LongPoll({
    async listen({ workerId }, heard, onClose) {
      listening.set(workerId, heard);
      let isClosed = false;
      return {
        get isClosed() {
          return isClosed;
        },
        jobIds: ['job'],
        serves: (jobId) => jobId === 'job',
        close() {
          isClosed = true;
          listening.delete(workerId);
          onClose();
        },
      };
    },
    onUnseenNews: (workerId) => unseen.push(workerId),
    keptMs,
  });
  /** What there is to find. */
  const queue: string[] = [];
  const returned: string[] = [];
  const looks: string[] = [];

  function claim(workerId: string, { limit = 1, waitMs = 60_000 } = {}) {
    let leave = () => {};
    const options = {
      look: async (behind?: unknown) => {
        await behind;
        looks.push(workerId);
        return queue.splice(0, limit);
      },
    };
    const answer = waits.claim({
      ...{ workerId, limit, waitMs, jobIds: [] },
      look: (behind) => options.look(behind),
      whenGone(listener) {
        leave = listener;
        return () => {};
      },
      giveBack: async (tasks: string[]) => void returned.push(...tasks),
    });
    return Object.assign(answer, { leave: () => leave(), options });
  }

  function add(...tasks: string[]): void {
    queue.push(...tasks);
    waits.available('job', tasks.length);
  }

  /** Commits tasks behind which claims look. */
  async function submit(...tasks: string[]): Promise<void> {
    let commit = () => {};
    const committed = new Promise<void>((resolve) => {
      commit = resolve;
    });
    const seen = waits.lookBehind(new Map([['job', tasks.length]]), committed);
    queue.push(...tasks);
    commit();
    waits.available('job', tasks.length, seen);
    await seen.done;
  }

  return { waits, listening, unseen, queue, returned, looks, claim, add, submit };
}

/** Lets everything run that can run by itself. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('claims that wait for work', () => {
  afterEach(() => void vi.useRealTimers());

  it('are answered at once with what there is, without waiting for anything', async () => {
    const { queue, claim, listening } = play();
    queue.push('a');
    expect(await claim('w')).toEqual(['a']);
    expect(listening.size).toBe(0);
  });

  it('are answered when work comes, and look only when there is news', async () => {
    const { add, claim, looks } = play();
    const first = claim('w');
    await settle();
    const before = looks.length;
    add('a');
    expect(await first).toEqual(['a']);
    expect(looks.length).toBe(before + 1);
    const second = claim('w', { limit: 2 });
    await settle();
    // That there was one of one may mean that there are more.
    expect(looks.length).toBe(before + 2);
    add('b');
    expect(await second).toEqual(['b']);
    const third = claim('w');
    await settle();
    expect(looks.length).toBe(before + 3);
    add('c');
    expect(await third).toEqual(['c']);
  });

  it('look when there was news between two of them, or while the last one looked', async () => {
    const { waits, add, queue, claim } = play();
    const first = claim('w', { limit: 2 });
    await settle();
    add('a');
    expect(await first).toEqual(['a']);
    add('b');
    expect(await claim('w', { limit: 2 })).toEqual(['b']);

    const late = claim('w', { limit: 2 });
    await settle();
    late.options.look = async () => {
      late.options.look = async () => queue.splice(0, 2);
      // Committed when the look has begun, and so not seen by it.
      add('c');
      return [];
    };
    waits.available('job', 1);
    expect(await late).toEqual(['c']);
  });

  it('are woken in the order in which they came, as many as the tasks need', async () => {
    const { add, claim, looks } = play();
    const [first, second, third] = [claim('u'), claim('v', { limit: 5 }), claim('w')];
    await settle();
    looks.length = 0;
    add('a', 'b', 'c');
    expect(await first).toEqual(['a']);
    expect(await second).toEqual(['b', 'c']);
    expect(looks).toEqual(['u', 'v']);
    add('d');
    expect(await third).toEqual(['d']);
  });

  it('leave what they were woken for to the next when their caller has left, or their look fails', async () => {
    const { add, claim } = play();
    const [gone, failing, last] = [claim('u'), claim('v'), claim('w')];
    await settle();
    failing.options.look = () => Promise.reject(new Error('no database'));
    add('a');
    gone.leave();
    expect(await gone).toEqual([]);
    await expect(failing).rejects.toThrow('no database');
    expect(await last).toEqual(['a']);
  });

  it('give back what they have claimed when their caller has left meanwhile', async () => {
    const { add, claim, queue, returned } = play();
    const gone = claim('w');
    await settle();
    gone.options.look = async () => {
      gone.leave();
      return queue.splice(0, 1);
    };
    add('a');
    expect(await gone).toEqual([]);
    expect(returned).toEqual(['a']);
  });

  it('take nothing when their caller has left before', async () => {
    const { add, claim, looks } = play();
    const [gone, next] = [claim('u'), claim('v')];
    await settle();
    looks.length = 0;
    gone.leave();
    expect(await gone).toEqual([]);
    add('a');
    expect(await next).toEqual(['a']);
    expect(looks).toEqual(['v']);
  });

  it('are all woken by what nobody has counted', async () => {
    const { claim, listening, queue } = play();
    const [first, second] = [claim('u'), claim('v')];
    await settle();
    queue.push('a', 'b');
    for (const heard of [...listening.values()]) heard.available('job');
    expect([await first, await second]).toEqual([['a'], ['b']]);
  });

  it('look once more at the end of their time, for what nobody has told of', async () => {
    const { claim, queue } = play();
    await claim('w', { waitMs: 1 });
    const untold = claim('w', { waitMs: 50 });
    await settle();
    queue.push('a');
    expect(await untold).toEqual(['a']);
  });

  it('are answered without tasks when their time is over, or nobody may wait any more', async () => {
    const { waits, claim, queue } = play();
    expect(await claim('w', { waitMs: 1 })).toEqual([]);
    const waiting = claim('w');
    await settle();
    waits.end();
    expect(await waiting).toEqual([]);
    expect(await claim('w')).toEqual([]);
    queue.push('a');
    expect(await claim('w')).toEqual(['a']);
  });

  it('keep the place of a worker for a while, and tell of news that no claim has seen', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { waits, add, claim, listening, unseen } = play(1_000);
    const first = claim('w', { limit: 2 });
    await settle();
    add('a');
    expect(await first).toEqual(['a']);
    vi.advanceTimersByTime(999);
    expect(waits.has('w')).toBe(true);
    vi.advanceTimersByTime(1);
    expect(waits.has('w')).toBe(false);
    expect(listening.size).toBe(0);
    expect(unseen).toEqual([]);

    const second = claim('w', { limit: 2 });
    await settle();
    vi.advanceTimersByTime(10_000);
    expect(waits.has('w')).toBe(true);
    add('b');
    expect(await second).toEqual(['b']);
    add('c');
    vi.advanceTimersByTime(1_000);
    expect(unseen).toEqual(['w']);
  });
});

describe('claims that look behind what is submitted', () => {
  it('are answered with it, and need no other look', async () => {
    const { waits, claim, submit, looks } = play();
    const first = claim('w', { limit: 2 });
    await settle();
    looks.length = 0;
    expect(waits.waitFor(new Map([['job', 1]]))).toBe(true);
    expect(waits.waitFor(new Map([['other', 1]]))).toBe(false);
    await submit('a');
    expect(await first).toEqual(['a']);
    const second = claim('w', { limit: 2 });
    await settle();
    expect(looks).toEqual(['w']);
    await submit('b');
    expect(await second).toEqual(['b']);
    expect(looks).toEqual(['w', 'w']);
  });

  it('are as many as it needs; a place in which none waits has news', async () => {
    const { claim, submit, looks } = play();
    expect(await Promise.all([claim('x', { waitMs: 1 })])).toEqual([[]]);
    const waiting = [claim('u'), claim('v', { limit: 5 }), claim('w')];
    await settle();
    looks.length = 0;
    await submit('a', 'b', 'c');
    expect(await Promise.all(waiting.slice(0, 2))).toEqual([['a'], ['b', 'c']]);
    expect(looks).toEqual(['u', 'v']);
    await submit('d', 'e');
    expect(await waiting[2]).toEqual(['d']);
    expect(await claim('x')).toEqual(['e']);
  });

  it('leave to others what they could not take', async () => {
    const { waits, claim, looks, queue } = play();
    const [first, second] = [claim('u'), claim('v')];
    await settle();
    looks.length = 0;
    // The commit turns out to bring more than was looked for.
    const seen = waits.lookBehind(new Map([['job', 1]]), undefined);
    queue.push('a', 'b');
    await settle();
    waits.available('job', 2, seen);
    expect([await first, await second].flat().sort()).toEqual(['a', 'b']);
  });

  it('wait on when they have found nothing', async () => {
    const { claim, submit, looks, queue } = play();
    const waiting = claim('w', { limit: 2 });
    await settle();
    looks.length = 0;
    const { look } = waiting.options;
    // Another server's worker was faster.
    waiting.options.look = async (behind) => {
      await behind;
      queue.length = 0;
      waiting.options.look = look;
      return [];
    };
    await submit('a');
    await settle();
    expect(looks).toEqual([]);
    await submit('b');
    expect(await waiting).toEqual(['b']);
    expect(looks).toEqual(['w']);
  });

  it('leave what they fail to take to the next', async () => {
    const { claim, submit } = play();
    const [failing, other] = [claim('u'), claim('v')];
    await settle();
    failing.options.look = async (behind) => {
      await behind;
      throw new Error('no database');
    };
    await submit('a');
    await expect(failing).rejects.toThrow('no database');
    expect(await other).toEqual(['a']);
  });

  it('give back what they have claimed when their caller has left meanwhile', async () => {
    const { claim, submit, queue, returned } = play();
    const gone = claim('w');
    await settle();
    gone.options.look = async (behind) => {
      await behind;
      gone.leave();
      return queue.splice(0, 1);
    };
    await submit('a');
    expect(await gone).toEqual([]);
    expect(returned).toEqual(['a']);
  });
});

describe('the claims that are chosen', () => {
  const wait = (workerId: string, limit: number, ...jobs: string[]) => ({
    ...{ limit, news: { workerId, listener: { serves: (jobId: string) => jobs.includes(jobId) } } },
  });
  const choose = (counts: Record<string, number>, ...waits: ReturnType<typeof wait>[]) => {
    const { chosen, taken } = chooseWaits(new Map(Object.entries(counts)), waits);
    return { chosen: chosen.map(({ news }) => news.workerId), taken: Object.fromEntries(taken) };
  };

  it('are those that have waited longest, until all is taken', () => {
    const waits = [wait('u', 2, 'a'), wait('v', 1, 'b'), wait('w', 2, 'a', 'b'), wait('x', 9, 'a', 'b')];
    expect(choose({ a: 2 }, ...waits)).toEqual({ chosen: ['u'], taken: { a: 2 } });
    expect(choose({ a: 3, b: 2 }, ...waits)).toEqual({ chosen: ['u', 'v', 'w'], taken: { a: 3, b: 2 } });
    expect(choose({ c: 1 }, ...waits)).toEqual({ chosen: [], taken: { c: 0 } });
  });

  it('are never two of one worker, and take no more than they ask for of all jobs together', () => {
    expect(choose({ a: 2, b: 2 }, wait('u', 3, 'a', 'b'), wait('u', 3, 'a', 'b'))).toEqual({
      chosen: ['u'],
      taken: { a: 2, b: 1 },
    });
  });
});
