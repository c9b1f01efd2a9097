/** The results that a task was waiting for, as its handler gets them. */

import type { Connection } from '../connection/connection.ts';
import { retryUntilAnswered } from '../connection/retry-until-answered.ts';
import type { ClaimedTaskFragment, TaskStatus } from '../generated/graphql.ts';
import { MoreDependencies } from './documents.ts';

/** A task that has ended before this one could begin. */
export interface EndedDependency {
  id: string;
  /** COMPLETED or PARTIAL; with `onFailure: RUN` any end. */
  status: TaskStatus;
  /** Null of one that did not end well. */
  result: unknown;
}

type Claimed = ClaimedTaskFragment['dependencies'];

/** A claim brings the first of them, in the order of the submission; the rest is read here. */
export async function readDependencies(
  connection: Connection,
  task: Pick<ClaimedTaskFragment, 'id' | 'dependencyCount' | 'dependencies'>,
  until: AbortSignal,
): Promise<EndedDependency[]> {
  const found = ended(task.dependencies);
  // What retention has removed is counted, and comes no more: then a page is empty.
  for (let last = found.at(-1); last && found.length < task.dependencyCount; last = found.at(-1)) {
    const variables = { id: task.id, after: last.id };
    const page = await retryUntilAnswered(() => connection.send(MoreDependencies, variables), { until });
    const more = ended(page.task?.dependencies ?? []);
    if (more.length === 0) break;
    found.push(...more);
  }
  return found;
}

const ended = (dependencies: Claimed): EndedDependency[] =>
  dependencies.flatMap(({ task }) =>
    task ? [{ id: task.id, status: task.status, result: task.result }] : [],
  );
