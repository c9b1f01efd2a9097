/** What a submission depends on, as callers say it, and as the API takes it. */

import type { OnDependencyFailure, SubmitTaskInput, TaskDependencyInput } from './generated/graphql.ts';
import { present } from './present.ts';

/** A task, by its id or by what has one: the handle of a submission, or `context.task` of a handler. */
export type DependedOn = string | { readonly id: string };

/** What must have ended before; by default well, or the task is cancelled. `ref` names an item of the same list. */
export type DependsOn =
  | DependedOn
  | { readonly task: DependedOn; readonly onFailure?: OnDependencyFailure }
  | (Pick<TaskDependencyInput, 'taskId' | 'ref'> & { readonly onFailure?: OnDependencyFailure });

/** A submission as the SDK takes it. */
export type TaskSubmission = Omit<SubmitTaskInput, 'dependsOn'> & {
  /** What must have ended before. */
  dependsOn?: readonly DependsOn[] | null | undefined;
};

/** The submission as the API takes it. */
export function toInput({ dependsOn, ...rest }: TaskSubmission): SubmitTaskInput {
  return dependsOn ? { ...rest, dependsOn: dependsOn.map(toDependency) } : rest;
}

function toDependency(one: DependsOn): TaskDependencyInput {
  if (typeof one === 'string' || 'id' in one) return { taskId: idOf(one), onFailure: 'CANCEL' };
  const { onFailure = 'CANCEL' } = one;
  return 'task' in one ? { taskId: idOf(one.task), onFailure } : { ...one, onFailure };
}

const idOf = (task: DependedOn) => (typeof task === 'string' ? task : task.id);

/** The places of a list, each behind those that it refers to; what refers to itself stays where it is, to be refused. */
export function orderOfRefs(inputs: readonly SubmitTaskInput[]): number[] {
  const places = new Map(inputs.flatMap(({ ref }, place) => (ref ? [[ref, place] as const] : [])).reverse());
  if (places.size === 0) return inputs.map((_, place) => place);
  const order = new Set<number>();
  const open = new Set<number>();
  const path = inputs.map((_, place) => place).reverse();
  while (path.length > 0) {
    const place = present(path.at(-1));
    const wanted = order.has(place) || open.has(place) ? [] : parentsOf(inputs[place], places);
    open.add(place);
    const missing = wanted.filter((parent) => !order.has(parent) && !open.has(parent));
    if (missing.length > 0) path.push(...missing.reverse());
    else order.add(present(path.pop()));
  }
  return [...order];
}

const parentsOf = (input: SubmitTaskInput | undefined, places: ReadonlyMap<string, number>) =>
  (input?.dependsOn ?? []).flatMap(({ ref }) => (ref ? (places.get(ref) ?? []) : []));

/** The input with the ids of items that were submitted in an earlier request. */
export function withKnownRefs(input: SubmitTaskInput, ids: ReadonlyMap<string, string>): SubmitTaskInput {
  if (!input.dependsOn || ids.size === 0) return input;
  return {
    ...input,
    dependsOn: input.dependsOn.map((one) => {
      const taskId = one.ref ? ids.get(one.ref) : undefined;
      return taskId ? { taskId, ...(one.onFailure && { onFailure: one.onFailure }) } : one;
    }),
  };
}
