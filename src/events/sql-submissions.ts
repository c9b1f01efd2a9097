/**
 * Submissions by SQL: an application writes a task in a transaction of its own (the function submit_task), and the database
 * announces the job with the commit. Whoever waits for tasks of the job is signalled, and the end of the log is read for
 * whoever watches. A word that is lost is made up for by the beats that both have.
 */
import { type ServerLogger, silentServerLogger } from './logger.ts';
import type { WordListener, WordSession } from './transports/postgres.ts';

export interface SqlSubmissionsOptions {
  openSession(listener: WordListener): Pick<WordSession, 'close'>;
  /** Tasks of the jobs may have become claimable. */
  onJobs(jobIds: readonly string[]): void;
  /** The log may have grown. */
  onLog(): void;
  logger?: ServerLogger;
}

export interface SqlSubmissions {
  close(): Promise<void>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function listenToSqlSubmissions(options: SqlSubmissionsOptions): SqlSubmissions {
  const { openSession, onJobs, onLog, logger = silentServerLogger } = options;
  let jobs = new Set<string>();

  /** Words that arrive in one turn are passed on together. */
  function pass(): void {
    const passed = [...jobs];
    jobs = new Set();
    onJobs(passed);
    onLog();
  }

  return openSession({
    onWord(word) {
      if (!UUID.test(word))
        return logger.warn({ length: word.length }, 'A word that is not understood was dropped');
      if (jobs.size === 0) setImmediate(pass);
      jobs.add(word);
    },
    onReady: onLog,
    // Other servers hear what this one hears.
    onMet() {},
    onLost(error) {
      logger.warn({ err: error }, 'Submissions by SQL are not heard of: they are found by the next beat');
    },
  });
}
