/** The part of the store that is about jobs. */
import type { Database } from '../database/database.ts';
import type { FairJobs } from '../gates/fair-jobs-cache.ts';
import { findLimitUse, type LimitSearch } from '../gates/limit-use.ts';
import { type JobChange, restoreJob, retireJob, updateJob } from './change-job.ts';
import {
  findJobSchema,
  findJobSchemas,
  findJobViews,
  findSchemaVersions,
  type IdPage,
  type JobCondition,
  listJobs,
} from './job-views.ts';
import { countWorkers, findJobByName, findJobs } from './jobs.ts';
import { findPauses, type PauseTarget, pauseJob, resumeJob } from './pauses.ts';
import { registerJob } from './register.ts';
import type { JobRegistration } from './registration.ts';
import { countIdleJobs, retireJobs } from './retire.ts';

interface Surroundings {
  workerTimeoutSeconds: number;
  /** Announces new entries of the audit log, when there are. */
  announcing: <T>(work: Promise<T>, hasEvents: (result: T) => boolean) => Promise<T>;
  fairJobs: FairJobs;
}

export function jobVerbs(database: Database, { workerTimeoutSeconds, announcing, fairJobs }: Surroundings) {
  /** A change of a job, which may be one of its fairness. */
  async function changing<T>(change: Pick<JobChange, 'fairness'>, work: Promise<T>): Promise<T> {
    return change.fairness ? work.finally(() => fairJobs.forget()) : work;
  }

  return {
    registerJob: (job: JobRegistration) =>
      announcing(changing(job, registerJob(database, job)), (result) => result.kind === 'registered'),
    findJobByName: (fullName: string) => findJobByName(database, fullName),
    findJobs: (ids: readonly string[]) => findJobs(database, ids),
    /** A page of jobs by their ids. */
    listJobs: (condition: JobCondition, page: IdPage) => listJobs(database, condition, page),
    /** So many jobs at most with their workers, for those who watch. */
    findJobViews: (limit: number) => findJobViews(database, workerTimeoutSeconds, limit),
    findJobSchemas: (jobId: string, before: number | null, limit: number) =>
      findJobSchemas(database, jobId, before, limit),
    findJobSchema: (jobId: string, version: number) => findJobSchema(database, jobId, version),
    findSchemaVersions: (jobIds: readonly string[]) => findSchemaVersions(database, jobIds),
    updateJob: (id: string, change: JobChange, actor: string) =>
      announcing(changing(change, updateJob(database, id, change, actor)), (job) => job !== null),
    retireJob: (id: string, actor: string) =>
      announcing(retireJob(database, id, workerTimeoutSeconds, actor), ({ kind }) => kind === 'retired'),
    restoreJob: (id: string, actor: string) =>
      announcing(restoreJob(database, id, actor), (job) => job !== null),
    /** Pauses the job; a pause that there is stays as it is. */
    pauseJob: (target: PauseTarget, reason: string | null) =>
      announcing(pauseJob(database, target, reason), (pause) => pause !== 'full'),
    resumeJob: (target: PauseTarget) => announcing(resumeJob(database, target), (resumed) => resumed),
    findPauses: (jobIds: readonly string[]) => findPauses(database, jobIds),
    findLimitUse: (search: LimitSearch) => findLimitUse(database, search),
    countWorkers: (jobIds: readonly string[]) => countWorkers(database, jobIds, workerTimeoutSeconds),
    retireJobs: (idleSeconds: number, room: string | null = null) =>
      announcing(
        retireJobs(database, { idleSeconds, workerTimeoutSeconds, room }),
        ({ retired }) => retired > 0,
      ),
    /** What `retireJobs` would do. */
    countIdleJobs: (idleSeconds: number, room: string | null) =>
      countIdleJobs(database, { idleSeconds, workerTimeoutSeconds, room }),
  };
}
