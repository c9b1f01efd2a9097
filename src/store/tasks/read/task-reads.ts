/** The part of the store that reads tasks. */
import { estimate, type TaskEstimate } from '../../../domain/estimates/estimate.ts';
import type { Position } from '../../../domain/position.ts';
import type { TaskFilter } from '../../../domain/task-filter.ts';
import type { Database } from '../../database/database.ts';
import { findEstimateFacts } from '../../estimates/find-estimate-facts.ts';
import { findArrivals, findJobsThatBecameDue, findJobsWithWork } from '../claim/find-work.ts';
import {
  type DependencyPage,
  findDependencies,
  findGraph,
  findParentIds,
  findTaskAccess,
  type GraphSearch,
} from '../dependencies/find-dependencies.ts';
import { countAhead, findWaitFacts, groupWaiting } from './find-blocked.ts';
import {
  countByFilter,
  findByFilter,
  findIdsByFilter,
  type Sampled,
  sampleTasks,
  type TaskSearch,
} from './find-by-filter.ts';
import { findTasks } from './find-tasks.ts';
import { findTransitions, type HistoryPage } from './find-transitions.ts';
import { measureQueue } from './measure-queue.ts';
import type { TaskScope } from './task-conditions.ts';

export function taskReads(database: Database, workerTimeoutSeconds: number) {
  return {
    findTasks: (ids: readonly string[]) => findTasks(database, ids),
    findDependencies: (pages: readonly DependencyPage[]) => findDependencies(database, pages),
    findParentIds: (taskIds: readonly string[], limit: number) => findParentIds(database, taskIds, limit),
    findTaskAccess: (ids: readonly string[]) => findTaskAccess(database, ids),
    findGraph: (search: GraphSearch) => findGraph(database, search),
    findTasksByFilter: (search: TaskSearch, limit: number) => findByFilter(database, search, limit),
    findTaskIds: (search: TaskSearch, limit: number) => findIdsByFilter(database, search, limit),
    countTasksByFilter: (scope: TaskScope, filter: TaskFilter) => countByFilter(database, scope, filter),
    sampleTasks: (scope: TaskScope, column: Sampled, limit: number) =>
      sampleTasks(database, scope, column, limit),
    /** What decides why each of the tasks waits. */
    findWaitFacts: (taskIds: readonly string[]) => findWaitFacts(database, taskIds, workerTimeoutSeconds),
    countAhead: (taskIds: readonly string[]) => countAhead(database, taskIds),
    /** When each of the tasks will run, as far as they are there; null of one that has ended. */
    async estimateTasks(taskIds: readonly string[]): Promise<Map<string, TaskEstimate | null>> {
      const facts = await findEstimateFacts(database, taskIds, workerTimeoutSeconds);
      return new Map([...facts].map(([id, found]) => [id, estimate(found)]));
    },
    groupWaiting: (scope: TaskScope, jobId: string | null) =>
      groupWaiting(database, scope, jobId, workerTimeoutSeconds),
    findTransitions: (page: HistoryPage) => findTransitions(database, page),
    findJobsWithWork: (jobIds: readonly string[]) => findJobsWithWork(database, jobIds),
    findJobsThatBecameDue: (jobIds: readonly string[], sinceMs: number) =>
      findJobsThatBecameDue(database, jobIds, sinceMs),
    findArrivals: (jobIds: readonly string[], after: Position) => findArrivals(database, jobIds, after),
    measureQueue: () => measureQueue(database, workerTimeoutSeconds),
  };
}
