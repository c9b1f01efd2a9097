/**
 * Gates: what tasks of a job may have to wait at before a worker can have them, one for each key. The gate of a room is
 * shut while the job is paused in it. That of a limit is shut while as many of its key run as may, or as many have
 * started in its period.
 *
 * A claim that meets a task whose gate is shut moves it out of the order of the claim (`ready`) to the gate, so that no
 * later claim walks over it; once, however long it waits. `opens_at` says that tasks stand there, and from when on
 * they may be let through again: by what ends for a slot, by time for a rate. Claims take the best of open limits from
 * where they stand, see gated-claim.ts; what stands before a gate that is none any more goes back into the order of the
 * claim, see let-through.ts. A gate says nothing else of the queue: tasks that have yet to meet it stand in the order of
 * the claim.
 *
 * An attempt holds a slot of each limit by number that it has passed: `task_hold` names them, the gate counts them, and
 * the statement that ends the attempt or takes it away gives them back (`give_back_slots`).
 *
 * Locks are taken in one order, and nobody who holds a gate waits for anything further up:
 *
 *   job ──▶ its workers ──▶ tasks ──▶ gates, in the order of their ids ──▶ rows of the queue, skipping what is locked
 */
import { LRUCache } from 'lru-cache';
import {
  nextToken,
  type Rate,
  type Starts,
  takeTokens,
  tokensLeft,
  withoutFuture,
} from '../../domain/limits.ts';
import type { DatabaseSession } from '../database/database.ts';
import { NOW, statement } from '../database/statement.ts';

/** Which gate: of a job, by what shuts it, for one key. */
export interface GateKey {
  jobId: string;
  /** Of the limit. Empty: a pause, and the key is the room. */
  name: string;
  key: string;
  /** What the limit says now; neither for a pause. */
  maxRunning?: number | null;
  rateCount?: number | null;
  rateSeconds?: number | null;
}

interface GateRow {
  id: string;
  jobId: string;
  name: string;
  key: string;
  running: number;
  maxRunning: number | null;
  rateCount: number | null;
  rateSeconds: number | null;
  starts: Starts | null;
  /** Milliseconds since 1970, as times are logged. */
  now: number;
}

/** A gate that the session has locked, and what is done to it. */
export class Gate {
  readonly id: string;
  readonly #row: GateRow;
  readonly #starts: Starts;
  #taken = 0;
  #stopped = 0;

  constructor(row: GateRow) {
    this.id = row.id;
    this.#row = row;
    this.#starts = withoutFuture(row.starts ?? [], row.now);
  }

  get key(): GateKey {
    return this.#row;
  }

  /** Whether each attempt that passes holds a slot until it is over. */
  get hasSlots(): boolean {
    return this.#row.maxRunning !== null;
  }

  /** Tasks that can pass now. */
  get room(): number {
    const { maxRunning, running } = this.#row;
    if (maxRunning !== null) return maxRunning - running - this.#taken;
    const rate = this.#rate;
    return rate ? tokensLeft(this.#starts, rate, this.#row.now) - this.#taken : 0;
  }

  pass(): void {
    this.#taken++;
  }

  stop(): void {
    this.#stopped++;
  }

  /** How it is written: null where nothing was done. */
  get written(): WrittenGate | null {
    if (this.#taken === 0 && this.#stopped === 0) return null;
    const { id, now } = this.#row;
    const rate = this.#rate;
    const starts = rate && this.#taken > 0 ? takeTokens(this.#starts, rate, this.#taken, now) : this.#starts;
    // Written also where the clock was set back: from then on its time passes.
    const isChanged = this.#taken > 0 || (this.#row.starts !== null && starts !== this.#row.starts);
    return {
      id,
      running: this.hasSlots ? this.#taken : 0,
      starts: rate && isChanged ? starts : null,
      // Rounded up: when it opens there is a token.
      opensAt: this.room > 0 ? 'now' : rate ? Math.ceil(nextToken(starts, rate, now)) : 'never',
      fullAt: rate && isChanged ? Math.ceil(now + rate.perSeconds * 1_000) : null,
    };
  }

  get #rate(): Rate | null {
    const { rateCount, rateSeconds } = this.#row;
    return rateCount === null || rateSeconds === null ? null : { count: rateCount, perSeconds: rateSeconds };
  }
}

interface WrittenGate {
  id: string;
  /** Slots that are taken in addition. */
  running: number;
  starts: Starts | null;
  /** When tasks that stand before it may be let through: `never` by the passing of time; else milliseconds since 1970. */
  opensAt: 'now' | 'never' | number;
  fullAt: number | null;
}

/** Names of gates that were there when they were last locked: these are not made before they are locked again. */
export type SeenGates = LRUCache<string, true>;

export const createSeenGates = (): SeenGates => new LRUCache({ max: 10_000 });

/**
 * The gates of these keys, made unless they were seen before, and locked in the order of their ids.
 * @returns null where one was removed since
 */
export async function lockGates(
  session: DatabaseSession,
  keys: readonly GateKey[],
  seen: SeenGates,
): Promise<Map<string, Gate> | null> {
  const wanted = new Map(keys.map((key) => [nameOf(key), key]));
  if (wanted.size === 0) return new Map();
  const unseen = [...wanted].flatMap(([name, key]) => (seen.has(name) ? [] : key));
  const [, rows] = await Promise.all([
    unseen.length > 0 ? makeGates(session, unseen) : null,
    session.query<GateRow>(LOCK_GATES, columnsOf([...wanted.values()])),
  ]);
  const isComplete = rows.length === wanted.size;
  for (const name of wanted.keys()) isComplete ? seen.set(name, true) : seen.delete(name);
  return isComplete ? new Map(rows.map((row) => [nameOf(row), new Gate(row)])) : null;
}

const makeGates = (session: DatabaseSession, keys: readonly GateKey[]) =>
  session.query(MAKE_GATES, [
    ...columnsOf(keys),
    keys.map(({ maxRunning }) => maxRunning ?? null),
    keys.map(({ rateCount }) => rateCount ?? null),
    keys.map(({ rateSeconds }) => rateSeconds ?? null),
  ]);

const columnsOf = (keys: readonly GateKey[]) => [
  keys.map(({ jobId }) => jobId),
  keys.map(({ name }) => name),
  keys.map(({ key }) => key),
];

/** What a gate is found by among those of several jobs. */
export const nameOf = ({ jobId, name, key }: GateKey) => JSON.stringify([jobId, name, key]);

/** Writes what was done to gates that the session has locked; after their tasks have been moved and taken. */
export async function writeGates(session: DatabaseSession, gates: Iterable<Gate>): Promise<void> {
  const written = [...gates].flatMap((gate) => gate.written ?? []);
  if (written.length === 0) return;
  await session.query(WRITE_GATES, [
    written.map(({ id }) => id),
    written.map(({ running }) => running),
    written.map(({ starts }) => (starts ? JSON.stringify(starts) : null)),
    written.map(({ opensAt }) => momentOf(opensAt)),
    written.map(({ fullAt }) => (fullAt === null ? null : new Date(fullAt).toISOString())),
  ]);
}

/** Null: now. */
function momentOf(opensAt: WrittenGate['opensAt']): string | null {
  if (opensAt === 'now') return null;
  return opensAt === 'never' ? 'infinity' : new Date(opensAt).toISOString();
}

/**
 * Whether tasks stand before gate `gate`. The order is that of the index of gates: without it, and as an EXISTS, a scan of
 * all that stand before any may be planned, which seems to end at once.
 */
export const IS_WAITED_FOR = `((
    SELECT true FROM task_queue q WHERE q.gate_id = gate.id AND NOT q.ready
    ORDER BY q.priority DESC, q.run_at, q.task_id LIMIT 1
  ) IS NOT NULL)`;

/**
 * Whether groups that take turns are left before gate `gate`, which is none any more. A submission that began earlier may
 * still join one, see fair-turns.ts: so the gate stays for as long.
 */
export const HAS_GROUPS = '(NOT gate.limited AND EXISTS (SELECT FROM task_turn g WHERE g.gate_id = gate.id))';

// In one order, so that two who make the same ones never wait for each other crosswise.
const MAKE_GATES = statement(
  'make_gates',
  `INSERT INTO task_gate (job_id, name, key, limited, max_running, rate_count, rate_seconds)
  SELECT job_id, name, key, name <> '', max_running, rate_count, rate_seconds
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::int[], $6::int[])
    AS wanted (job_id, name, key, max_running, rate_count, rate_seconds)
  WHERE (
    SELECT gate.id FROM task_gate gate
    WHERE gate.job_id = wanted.job_id AND gate.name = wanted.name AND gate.key = wanted.key LIMIT 1
  ) IS NULL
  ORDER BY 1, 2, 3
  ON CONFLICT (job_id, name, key) DO NOTHING`,
);

// Each is looked up by itself: a join could be planned as a scan of all gates.
const LOCK_GATES = statement(
  'lock_gates',
  `SELECT gate.id, gate.job_id AS "jobId", gate.name, gate.key, gate.running, gate.max_running AS "maxRunning",
    gate.rate_count AS "rateCount", gate.rate_seconds AS "rateSeconds", gate.starts,
    (extract(epoch FROM now()::timestamptz(3)) * 1000)::float8 AS now
  FROM (
    SELECT found.id FROM unnest($1::uuid[], $2::text[], $3::text[]) AS wanted (job_id, name, key) CROSS JOIN LATERAL (
      SELECT gate.id FROM task_gate gate
      WHERE gate.job_id = wanted.job_id AND gate.name = wanted.name AND gate.key = wanted.key LIMIT 1
    ) found
    ORDER BY found.id
  ) wanted CROSS JOIN LATERAL (SELECT * FROM task_gate WHERE id = wanted.id FOR UPDATE) gate`,
);

const WRITE_GATES = statement(
  'write_gates',
  `UPDATE task_gate gate SET running = gate.running + written.running,
    starts = COALESCE(written.starts::jsonb, gate.starts), full_at = GREATEST(gate.full_at, written.full_at),
    opens_at = CASE
      WHEN NOT ${IS_WAITED_FOR} THEN NULL
      ELSE COALESCE(written.opens_at, LEAST(gate.opens_at, ${NOW}))
    END
  FROM unnest($1::uuid[], $2::int[], $3::text[], $4::timestamptz[], $5::timestamptz[])
    AS written (id, running, starts, opens_at, full_at)
  WHERE gate.id = written.id`,
);
