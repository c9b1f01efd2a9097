/**
 * Pauses of a job, in all rooms or in one. Nothing of it is claimed from the moment of the answer on; what workers have
 * goes on, and what is submitted, delayed or tried again gathers in its place.
 *
 * A claim judges by the row of its worker, which it locks: the jobs that it may claim, and whether one of them has gates.
 * Whoever changes these locks the rows of all workers of the job. So a claim has ended before a pause is answered, or
 * waits for it and then sees it. What a job paused as a whole has in the order of the claim stays there, and no claim
 * looks at it; what is paused in a room is moved to the room's gate by the claims that meet it, see gates.ts.
 */
import { insertAuditEntries } from '../audit/record-entry.ts';
import type { Database, DatabaseSession } from '../database/database.ts';
import { NOW, statement } from '../database/statement.ts';

export interface PauseRow {
  jobId: string;
  /** Null: every room. */
  room: string | null;
  pausedAt: Date;
  /** An identity. */
  pausedBy: string;
  reason: string | null;
}

/** Which pause, and who asks. */
export interface PauseTarget {
  jobId: string;
  /** Null: every room. */
  room: string | null;
  actor: string;
}

/** The rooms in which one job may be paused at the same time. */
export const MOST_PAUSED_ROOMS = 1_000;

/** Pauses the job; a pause that there is stays as it is. @returns it; `full` where too many rooms are paused */
export function pauseJob(
  database: Database,
  { jobId, room, actor }: PauseTarget,
  reason: string | null,
): Promise<PauseRow | 'full'> {
  return database.transaction(async (session) => {
    await lockJob(session, jobId);
    const [pause] = await session.query<PauseRow>(PAUSE, [
      jobId,
      room ?? '',
      actor,
      reason,
      MOST_PAUSED_ROOMS,
    ]);
    if (!pause) return 'full';
    await writeOpenJobs(session, jobId);
    return pause;
  });
}

/** Resumes the job, as a whole or in the room. @returns whether it was paused */
export function resumeJob(database: Database, { jobId, room, actor }: PauseTarget): Promise<boolean> {
  return database.transaction(async (session) => {
    await lockJob(session, jobId);
    const [resumed] = await session.query(RESUME, [jobId, room ?? '', actor]);
    if (!resumed) return false;
    await session.query(OPEN_ROOM, [jobId, room ?? '']);
    await writeOpenJobs(session, jobId);
    return true;
  });
}

/** The pauses of the jobs; first that of the whole job, then by room. */
export function findPauses(session: DatabaseSession, jobIds: readonly string[]): Promise<PauseRow[]> {
  return session.query<PauseRow>(FIND, [jobIds]);
}

/**
 * Locks the job and all workers that serve it: no claim of it is under way, and none begins.
 * @param workerId a worker that is to serve it
 */
export async function lockJob(
  session: DatabaseSession,
  jobId: string,
  workerId: string | null = null,
): Promise<void> {
  await session.query(LOCK_JOB, [jobId]);
  await session.query(LOCK_WORKERS, [jobId, workerId]);
}

/** Writes into the job and its workers what may be claimed. Both must be locked. */
export async function writeOpenJobs(session: DatabaseSession, jobId: string): Promise<void> {
  await session.query(WRITE_JOB, [jobId]);
  await session.query(WRITE_WORKERS, [jobId]);
}

const COLUMNS = `pause.job_id AS "jobId", NULLIF(pause.room, '') AS room, pause.paused_at AS "pausedAt",
  pause.paused_by AS "pausedBy", pause.reason`;

const LOCK_JOB = statement('lock_job', 'SELECT id FROM job WHERE id = $1::uuid FOR NO KEY UPDATE');

// Not FOR UPDATE: what refers to the worker, as a request to stop, need not wait.
const LOCK_WORKERS = statement(
  'lock_workers_of_job',
  `SELECT id FROM worker WHERE id IN (SELECT worker_id FROM worker_job WHERE job_id = $1::uuid) OR id = $2::uuid
  ORDER BY id FOR NO KEY UPDATE`,
);

const eventOf = (type: 'JOB_PAUSED' | 'JOB_RESUMED', rows: string) =>
  insertAuditEntries({
    type,
    severity: 'INFO',
    room: "COALESCE(NULLIF(pause.room, ''), job.room)",
    actor: '$3::text',
    subjectKind: 'job',
    subjectId: 'job.id',
    payload: `jsonb_build_object('job', job.full_name, 'room', NULLIF(pause.room, ''), 'reason', pause.reason)`,
    from: `${rows} pause JOIN job ON job.id = pause.job_id`,
  });

const PAUSE = statement(
  'pause_job',
  `WITH made AS (
    INSERT INTO job_pause (job_id, room, paused_by, reason)
    SELECT $1::uuid, $2::text, $3::text, $4::text
    WHERE (SELECT count(*) FROM job_pause WHERE job_id = $1::uuid) < $5::int
    ON CONFLICT (job_id, room) DO NOTHING RETURNING *
  ), recorded AS (
    ${eventOf('JOB_PAUSED', 'made')}
  )
  SELECT ${COLUMNS} FROM made pause
  UNION ALL SELECT ${COLUMNS} FROM job_pause pause WHERE job_id = $1::uuid AND room = $2::text`,
);

const RESUME = statement(
  'resume_job',
  `WITH ended AS (
    DELETE FROM job_pause WHERE job_id = $1::uuid AND room = $2::text RETURNING *
  ), recorded AS (
    ${eventOf('JOB_RESUMED', 'ended')}
  )
  SELECT job_id FROM ended`,
);

const OPEN_ROOM = statement(
  'open_room',
  `UPDATE task_gate SET opens_at = ${NOW}
  WHERE job_id = $1::uuid AND name = '' AND key = $2::text AND opens_at IS NOT NULL`,
);

const FIND = statement(
  'find_pauses',
  `SELECT ${COLUMNS} FROM job_pause pause WHERE pause.job_id = ANY ($1::uuid[]) ORDER BY pause.job_id, pause.room`,
);

/** What may be said of a job's claims by what there is now. */
const WRITE_JOB = statement(
  'write_open_job',
  `UPDATE job SET
    paused = EXISTS (SELECT FROM job_pause pause WHERE pause.job_id = job.id AND pause.room = ''),
    gated = job.limits <> '[]' OR job.turn_gate_id IS NOT NULL OR EXISTS (SELECT FROM job_pause pause WHERE pause.job_id = job.id AND pause.room <> '')
      OR EXISTS (SELECT FROM task_gate gate WHERE gate.job_id = job.id AND gate.opens_at IS NOT NULL)
  WHERE id = $1::uuid`,
);

const WRITE_WORKERS = statement(
  'write_open_jobs',
  `UPDATE worker SET open_jobs = COALESCE(served.open, '{}'), gated = served.gated FROM (
    SELECT affected.worker_id, array_agg(job.id ORDER BY job.id) FILTER (WHERE NOT job.paused) AS open,
      bool_or(job.gated) AS gated
    FROM worker_job affected JOIN worker_job served ON served.worker_id = affected.worker_id
    JOIN job ON job.id = served.job_id
    WHERE affected.job_id = $1::uuid GROUP BY affected.worker_id
  ) served WHERE worker.id = served.worker_id`,
);
