/** The commands of a random sequence: what the actors of a model run do, named without knowing what there will be. */
import fc from 'fast-check';
import type { ModelHold, ModelLimit, ReportVerb, Status } from './model.ts';

/** One of the tasks that are in a status which is worth it, or of all when there is none: the n-th, taken modulo. */
export interface Target {
  among: readonly Status[];
  n: number;
}

/** A task that another depends on. */
interface Dependency {
  target: Target;
  runsOnFailure: boolean;
}

/** Workers are named by their place. */
export type Command =
  | {
      verb: 'submit';
      job: number;
      priority: number;
      later: boolean;
      key: string | null;
      /** Of the key; one that is debounced is not for later, and depends on nothing. */
      hold: ModelHold | null;
      payload: number;
      limitKey: string | null;
      actor: string;
      /** Tasks that it depends on; the same one is taken once. */
      dependsOn: Dependency[];
    }
  | { verb: 'claim'; worker: number; limit: number; start: boolean; twice: boolean }
  /** `worker` null: the holder, or who held it last; `shift` is added to the current attempt. */
  | { verb: ReportVerb; target: Target; worker: number | null; shift: number; twice: boolean }
  | { verb: 'cancel'; target: Target; actor: string; note: string | null; twice: boolean }
  | { verb: 'retry'; target: Target; actor: string; twice: boolean }
  | { verb: 'leave' | 'lose'; worker: number }
  | { verb: 'overrun'; target: Target }
  | { verb: 'wait' }
  | { verb: 'limit'; job: number; limits: ModelLimit[] }
  | { verb: 'pause'; job: number; where: 'all' | 'room'; paused: boolean };

const worker = fc.nat(2);
const actor = fc.constantFrom('ann', 'bob');
const rarely = fc.nat(9).map((n) => n === 9);

/** Mostly a task in one of the statuses, sometimes any. */
function target(...wanted: Status[]): fc.Arbitrary<Target> {
  const among = fc.oneof(
    { weight: 8, arbitrary: fc.constant(wanted) },
    { weight: 2, arbitrary: fc.constant<Status[]>([]) },
  );
  return fc.record({ among, n: fc.nat(11) });
}

const dependency: fc.Arbitrary<Dependency> = fc.record({
  target: target('WAITING', 'PENDING', 'CLAIMED', 'RUNNING'),
  runsOnFailure: fc.nat(2).map((n) => n === 0),
});

const submission = fc.record({
  verb: fc.constant('submit' as const),
  dependsOn: fc.oneof(
    { weight: 3, arbitrary: fc.constant<Dependency[]>([]) },
    { weight: 2, arbitrary: fc.array<Dependency>(dependency, { minLength: 1, maxLength: 3 }) },
  ),
  job: fc.nat(1),
  priority: fc.integer({ min: -1, max: 1 }),
  later: rarely,
  key: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, fc.constantFrom('k1', 'k2')),
  hold: fc.constantFrom<ModelHold | null>(null, 'finished', 'time', 'debounced', 'debounced'),
  payload: fc.nat(2),
  limitKey: fc.constantFrom(null, 'a', 'b'),
  actor,
});
const submit = submission.map((command) => {
  if (command.key === null) return { ...command, hold: null };
  return command.hold === 'debounced' ? { ...command, later: false, dependsOn: [] } : command;
});

const claim = fc.record({
  verb: fc.constant('claim' as const),
  worker,
  limit: fc.integer({ min: 1, max: 4 }),
  start: fc.nat(3).map((n) => n > 0),
  twice: rarely,
});

/** What a worker says, mostly the holder of its own attempt. */
function report(verbs: ReportVerb[], ...statuses: Status[]) {
  return fc.record({
    verb: fc.constantFrom(...verbs),
    target: target(...statuses),
    worker: fc.oneof({ weight: 7, arbitrary: fc.constant(null) }, worker),
    shift: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.constantFrom(-1, 1)),
    twice: rarely,
  });
}
const start = report(['start'], 'CLAIMED');
const end = report(
  ['complete', 'completePartly', 'fail', 'fail', 'fail', 'failForGood', 'progress', 'progress'],
  'RUNNING',
);
const release = report(['release'], 'CLAIMED', 'RUNNING');

const cancel = fc.record({
  verb: fc.constant('cancel' as const),
  target: fc.oneof(target('CLAIMED', 'RUNNING'), target('WAITING', 'PENDING')),
  actor,
  note: fc.constantFrom(null, 'enough'),
  twice: rarely,
});
const retry = fc.record({
  verb: fc.constant('retry' as const),
  target: target('FAILED'),
  actor,
  twice: rarely,
});

const system = fc.oneof(
  fc.record({ verb: fc.constantFrom('leave' as const, 'lose' as const), worker }),
  fc.record({ verb: fc.constant('overrun' as const), target: target('RUNNING') }),
);

const few = fc.integer({ min: 1, max: 3 });
/** One or the other, under names that come again with other meanings. */
const modelLimit: fc.Arbitrary<ModelLimit> = fc
  .record({ byKey: fc.boolean(), most: few, isRate: fc.nat(2).map((n) => n === 0) })
  .map(({ byKey, most, isRate }) => ({
    ...{ name: 'one', byKey },
    maxRunning: isRate ? null : most,
    starts: isRate ? most : null,
  }));
/** The limits that a job may have. */
const modelLimits: fc.Arbitrary<ModelLimit[]> = fc
  .array(modelLimit, { minLength: 0, maxLength: 2 })
  .map((limits) => limits.map((limit, n) => ({ ...limit, name: n === 0 ? 'one' : 'two' })));
const limit = fc.record({ verb: fc.constant('limit' as const), job: fc.nat(1), limits: modelLimits });

const pause = fc.record({
  verb: fc.constant('pause' as const),
  job: fc.nat(1),
  where: fc.constantFrom('all' as const, 'room' as const),
  // Soon resumed: nothing happens in a paused job.
  paused: fc.nat(2).map((n) => n === 0),
});

/** Sequences in which most commands find something to do. */
export const sequence: fc.Arbitrary<Command[]> = fc.array<Command>(
  fc.oneof(
    { weight: 4, arbitrary: submit },
    { weight: 9, arbitrary: claim },
    { weight: 2, arbitrary: start },
    { weight: 9, arbitrary: end },
    { weight: 1, arbitrary: release },
    { weight: 1, arbitrary: cancel },
    { weight: 2, arbitrary: retry },
    { weight: 2, arbitrary: system },
    { weight: 2, arbitrary: fc.constant({ verb: 'wait' as const }) },
    { weight: 2, arbitrary: limit },
    { weight: 1, arbitrary: pause },
  ),
  { minLength: 15, maxLength: 50, size: 'max' },
);
