import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TransitionChange } from '../../../src/domain/task.ts';
import { silentServerLogger } from '../../../src/events/logger.ts';
import { decodeChanges, HINT, roomChannel } from '../../../src/events/messages/message.ts';
import { createRoomSender } from '../../../src/events/publishing/room-sender.ts';
import { taskRow, transition } from '../changes.ts';

const ROOMS = ['x', 'y'] as const;

function changeOf(room: string, n: number): TransitionChange {
  const change = transition(`task-${n}`, 1);
  return { ...change, task: taskRow({ ...change.task, room }), transition: { ...change.transition, room } };
}

interface Listener {
  room: string;
  /** How much was committed in all rooms when it began to listen. */
  since: number;
  /** Numbers of changes, and of the last commit before a hint as `hint`. */
  heard: (number | { hint: number })[];
}

/** A Redis that takes in what is on its way, and whose answers travel, step by step. */
class SteppedRedis {
  readonly listeners: Listener[] = [];
  /** Every message that was sent, with the number of changes in it. */
  readonly sent: number[] = [];
  committed = 0;
  readonly #coming: { channel: string; message: string; answer: (reached?: number) => void }[] = [];
  readonly #answers: (() => void)[] = [];

  publish(channel: string, message: string): Promise<number | undefined> {
    this.sent.push(decodeChanges(message, silentServerLogger)?.length as number);
    return new Promise((answer) => void this.#coming.push({ channel, message, answer }));
  }

  /** Takes in one message; its answer may be lost. */
  takeIn(isLost = false): void {
    const next = this.#coming.shift();
    if (!next) return;
    const reached = this.listeners.filter(({ room }) => roomChannel(room) === next.channel);
    for (const { heard } of reached) {
      if (next.message === HINT) heard.push({ hint: this.committed });
      const changes = decodeChanges(next.message, silentServerLogger) ?? [];
      heard.push(...changes.map(({ task }) => Number(task.id.slice(5))));
    }
    this.#answers.push(() => next.answer(isLost ? undefined : reached.length));
  }

  async bringAnswer(): Promise<void> {
    this.#answers.shift()?.();
    await new Promise(setImmediate); // what follows from it
  }

  async settle(): Promise<void> {
    while (this.#coming.length + this.#answers.length > 0) {
      this.takeIn();
      await this.bringAnswer();
    }
  }
}

function scene() {
  const redis = new SteppedRedis();
  const send = createRoomSender({ publish: (channel, message) => redis.publish(channel, message) });
  return {
    redis,
    commit(room: string, count = 1) {
      const changes = Array.from({ length: count }, () => changeOf(room, ++redis.committed));
      void send(room, changes);
    },
    listen(room: string): Listener {
      const listener: Listener = { room, since: redis.committed, heard: [] };
      redis.listeners.push(listener);
      return listener;
    },
  };
}

const isChange = (heard: number | { hint: number }) => typeof heard === 'number';

describe('what is sent to a room', () => {
  it('is a hint while nobody listens, however much happens', async () => {
    const { redis, commit } = scene();
    for (let n = 0; n < 3; n++) {
      commit('x', 100);
      await redis.settle();
    }
    commit('x', 100);
    commit('x', 100);
    commit('x', 100);
    await redis.settle();
    // The answer to a hint decides on all that was committed before it was sent, and on nothing else.
    expect(redis.sent).toEqual([0, 0, 0, 0, 0]);
  });

  it('is everything in full while somebody listens, with one hint where it was quiet before', async () => {
    const { redis, commit, listen } = scene();
    commit('x');
    await redis.settle();
    const listener = listen('x');
    commit('x', 2);
    redis.takeIn();
    await redis.bringAnswer();
    // What has waited is on its way: nothing new has to be asked about.
    commit('x', 2);
    await redis.settle();
    commit('x', 2);
    await redis.settle();
    expect(listener.heard.filter(isChange)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(redis.sent).toEqual([0, 0, 2, 2, 2]);
    redis.listeners.length = 0;
    commit('x', 2);
    await redis.settle();
    commit('x', 2);
    await redis.settle();
    expect(redis.sent.slice(5)).toEqual([2, 0]);
  });

  it('is bounded while no answer comes', async () => {
    const { redis, commit, listen } = scene();
    const listener = listen('x');
    for (let n = 0; n < 300; n++) commit('x', 100);
    await redis.settle();
    expect(listener.heard.filter(isChange)).toHaveLength(100 + 20_000);
    for (let n = 0; n < 300; n++) commit('x', 100);
    await redis.settle();
    expect(listener.heard.filter(isChange)).toHaveLength(100 + 20_000 + 30_000);
  });

  type Step =
    | { step: 'commit'; room: string; count: number }
    | { step: 'listen'; room: string; stays: boolean }
    | { step: 'takeIn'; isLost: boolean }
    | { step: 'leave' | 'bringAnswer' };

  const room = fc.constantFrom(...ROOMS);
  const steps = (isLost: fc.Arbitrary<boolean>) =>
    fc.array(
      fc.oneof<fc.Arbitrary<Step>[]>(
        fc.record({ step: fc.constant('commit' as const), room, count: fc.integer({ min: 1, max: 3 }) }),
        fc.record({ step: fc.constant('listen' as const), room, stays: fc.boolean() }),
        fc.record({ step: fc.constant('takeIn' as const), isLost }),
        fc.record({ step: fc.constantFrom('leave' as const, 'bringAnswer' as const) }),
      ),
      { maxLength: 60 },
    );

  /** Gives who has listened to the end. */
  async function run(all: readonly Step[]) {
    const { redis, commit, listen } = scene();
    const passing = new Set<Listener>();
    for (const one of all) {
      if (one.step === 'commit') commit(one.room, one.count);
      else if (one.step === 'takeIn') redis.takeIn(one.isLost);
      else if (one.step === 'bringAnswer') await redis.bringAnswer();
      else if (one.step === 'listen') {
        const listener = listen(one.room);
        if (!one.stays) passing.add(listener);
      } else {
        const [leaving] = passing;
        if (!leaving) continue;
        passing.delete(leaving);
        redis.listeners.splice(redis.listeners.indexOf(leaving), 1);
      }
    }
    await redis.settle();
    const rooms = new Map(ROOMS.map((name) => [name as string, [] as number[]]));
    let number = 0;
    for (const one of all)
      if (one.step === 'commit') for (let n = 0; n < one.count; n++) rooms.get(one.room)?.push(++number);
    const owed = ({ room, since }: Listener) => (rooms.get(room) ?? []).filter((n) => n > since);
    return redis.listeners.map((listener) => ({ ...listener, owed: owed(listener) }));
  }

  it('reaches everybody who has listened since before the commit, once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(steps(fc.constant(false)), async (all) => {
        for (const { heard, owed, since } of await run(all)) {
          const changes = heard.filter(isChange);
          expect(changes).toEqual([...new Set(changes)].sort((a, b) => a - b));
          expect(changes.filter((n) => n > since)).toEqual(owed);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is at least announced by a hint after the commit where answers are lost', async () => {
    await fc.assert(
      fc.asyncProperty(steps(fc.boolean()), async (all) => {
        for (const { heard, owed } of await run(all)) {
          const changes = new Set(heard.filter(isChange));
          const hints = heard.flatMap((one) => (isChange(one) ? [] : [one.hint]));
          for (const n of owed) expect(changes.has(n) || hints.some((hint) => hint >= n)).toBe(true);
          expect([...changes]).toEqual([...changes].sort((a, b) => a - b));
        }
      }),
      { numRuns: 500 },
    );
  });
});
