/** Completions: checked one after the other, sent together, and each answered for itself. */

import { z } from 'zod';
import { present } from '../../domain/present.ts';
import { type InputIssue, InvalidInput, type Problem, TaskNotFound } from '../../domain/problems.ts';
import type { TaskRow } from '../../domain/task.ts';
import { fromTypeId } from '../../domain/typeid.ts';
import type { Completion } from '../../store/tasks/attempt/complete.ts';
import type { HeldAttempt } from '../../store/tasks/compare-and-set.ts';
import { inTurns, isRight, keepProblem, orProblem, settled } from '../batch-results.ts';
import { type Context, viewerOf } from '../context.ts';
import { json, parseInput } from '../input.ts';
import type { KnownJob } from '../job/directory.ts';
import { findOwnWorker } from '../worker/usable.ts';
import { refuseStranger } from './attempt.ts';
import { refuseHolder, succeed } from './result.ts';

interface Input {
  taskId: string;
  workerId: string;
  attempt: number;
  outcome: Completion['outcome'];
  result?: unknown;
}

const completion = z.object({ result: json() });
const COMPLETE = { done: 'completed', stops: true };

/** Completes what the inputs say, by one statement as long as it fits; one answer for each, in order. */
export async function completeAll(
  context: Context,
  inputs: readonly Input[],
): Promise<({ task: TaskRow } | Problem)[]> {
  const { jobs, store } = context.services;
  const workers = await usableWorkers(context, inputs);
  const attempts = await settled(inputs.map((input) => attemptOf(context, input, workers)));
  const ofAttempts = await jobs.jobsOfTasks(attempts.filter(isRight).map(({ taskId }) => taskId));
  let nextJob = 0;
  const completions = await inTurns(context, attempts, (held, index) =>
    isRight(held)
      ? orProblem(() => check(context, held, present(inputs[index]), ofAttempts[nextJob++] ?? null))
      : held,
  );
  const results = await store.completeTasks(completions.filter(isRight));
  let next = 0;
  return settled(
    completions.map((completion, index) => {
      if (!isRight(completion)) return completion;
      const result = present(results[next++]);
      if (result.kind === 'changed') return succeed(context, result.change);
      const { taskId } = present(inputs[index]);
      return refuseHolder(context, taskId, COMPLETE, completion, result.task).catch(keepProblem);
    }),
  );
}

/** The workers of the inputs that the caller may use, by the ids that it gave: each is looked for once. */
async function usableWorkers(context: Context, inputs: readonly Input[]): Promise<Map<string, string>> {
  const usable = new Map<string, string>();
  for (const workerId of new Set(inputs.map((input) => input.workerId))) {
    const id = await findOwnWorker(context, workerId);
    if (id !== null) usable.set(workerId, id);
  }
  return usable;
}

function attemptOf(
  context: Context,
  input: Input,
  workers: ReadonlyMap<string, string>,
): HeldAttempt | Problem | Promise<HeldAttempt | Problem> {
  const taskId = fromTypeId('task', input.taskId);
  if (taskId === null) return new TaskNotFound(input.taskId);
  const workerId = workers.get(input.workerId);
  if (workerId !== undefined) {
    return { taskId, workerId, attempt: input.attempt, actor: viewerOf(context).id };
  }
  return refuseStranger(context, input.taskId, taskId).catch(keepProblem);
}

/** The result, against what a database takes and what the job's schema says. */
function check(
  context: Context,
  held: HeldAttempt,
  input: Input,
  job: KnownJob | null,
): Completion | Promise<Completion> {
  const { result } = parseInput(completion, input);
  const completed = { ...held, outcome: input.outcome, result };
  const issues = job?.validateResult?.(result ?? null, viewerOf(context).id) ?? [];
  const judged = (found: InputIssue[]) => judge(context, completed, found);
  return issues instanceof Promise ? issues.then(judged) : judged(issues);
}

function judge(
  context: Context,
  completed: Completion,
  issues: InputIssue[],
): Completion | Promise<Completion> {
  if (issues.length === 0) return completed;
  // Only the holder learns about the result of the task; the answer to anybody else says only that the attempt is not theirs.
  return context.services.store.hasHeld(completed).then((has) => {
    if (!has) return completed;
    throw new InvalidInput(issues.map(({ path, message }) => ({ path: ['result', ...path], message })));
  });
}
