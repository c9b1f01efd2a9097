/**
 * A submission that workers wait for, with their claims right behind it: they are sent over the same connection before
 * the submission is answered. One trip to the database serves both, and the claims are the ordinary ones: the database
 * runs them after the commit of the submission, as if they had been sent then.
 */
import type { Database, DatabaseSession } from '../../database/database.ts';
import type { Submission } from '../submit/submit.ts';

/** Claims that wait in this server. */
export interface WaitingClaims<Sent extends SentClaims> {
  /** Whether some of them wait for tasks of one of the jobs. */
  waitFor(jobs: ReadonlyMap<string, number>): boolean;
  /** Sends as many of them through the session as can take so many tasks of the jobs. */
  send(jobs: ReadonlyMap<string, number>, session: DatabaseSession): Sent;
}

export interface SentClaims {
  /** Resolves when they are answered, well or not; never rejects. */
  done: Promise<unknown>;
}

/**
 * Runs what submits, and sends behind it the claims that wait for what is submitted.
 * @param submit must send its first statement at once, and resolve after the changes were published
 */
export function withPipelinedClaims<T, Sent extends SentClaims>(
  database: Database,
  waiting: WaitingClaims<Sent> | undefined,
  submissions: readonly Submission[],
  submit: (session: DatabaseSession, sent: () => Sent | undefined) => Promise<T>,
): Promise<T> {
  const jobs = countDue(submissions);
  if (!waiting?.waitFor(jobs)) return submit(database, () => undefined);
  return new Promise((resolve, reject) => {
    const work = database.session(async (session) => {
      let sent: Sent | undefined;
      const submitted = submit(session, () => sent);
      resolve(submitted);
      sent = waiting.send(jobs, answeredAfter(session, submitted));
      await Promise.allSettled([submitted, sent.done]);
    });
    // Without a connection.
    work.catch(reject);
  });
}

/** How many tasks of which job may be claimed as soon as they are submitted. */
function countDue(submissions: readonly Submission[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { jobId, runAt } of submissions) {
    if (runAt === null || runAt.getTime() <= Date.now()) counts.set(jobId, (counts.get(jobId) ?? 0) + 1);
  }
  return counts;
}

/** The session, of which answers are given only after that: changes are published in the order of their commits. */
function answeredAfter(session: DatabaseSession, before: Promise<unknown>): DatabaseSession {
  return {
    ...session,
    async query<Row>(...statement: Parameters<DatabaseSession['query']>): Promise<Row[]> {
      const [answer] = await Promise.allSettled([session.query<Row>(...statement), before]);
      if (answer.status === 'rejected') throw answer.reason;
      return answer.value;
    },
  };
}
