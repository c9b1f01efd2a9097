/** What a submission depends on: tasks by id, and in lists other items by `ref`, checked before anything is submitted. */

import type { Dependency } from '../../domain/dependencies.ts';
import { MAX_DEPENDENCIES, orderByDependencies } from '../../domain/dependencies.ts';
import { InvalidInput, Problem, TaskNotFound } from '../../domain/problems.ts';
import { fromTypeId, toTypeId } from '../../domain/typeid.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { describeValues } from '../enums.ts';
import { text } from '../input.ts';
import { mayISee } from './visible.ts';

export const OnDependencyFailure = builder.enumType('OnDependencyFailure', {
  description: 'What happens to a task if one that it depends on ends FAILED or CANCELLED.',
  values: describeValues(['CANCEL', 'RUN'] as const, {
    CANCEL: 'It is cancelled, and so is what depends on it.',
    RUN: 'It runs all the same, as soon as all others have ended.',
  }),
});

export const TaskDependencyInput = builder.inputType('TaskDependencyInput', {
  description: 'A task that must end first: by its id or, in a list, by the `ref` of its item.',
  fields: (t) => ({
    taskId: t.id({ description: 'A task that the caller may see. Either this or `ref`.' }),
    ref: t.string({ description: '`ref` of another item of the same list, wherever it stands.' }),
    onFailure: t.field({
      type: OnDependencyFailure,
      required: true,
      defaultValue: 'CANCEL',
      description: 'What happens to the submitted task if that one ends FAILED or CANCELLED.',
    }),
  }),
});
type DependencyInput = typeof TaskDependencyInput.$inferInput;

/** What is read of each submission. */
export interface Linkable {
  ref?: string | null | undefined;
  dependsOn?: readonly DependencyInput[] | null | undefined;
}

/** Whether there is anything to link at all: most submissions depend on nothing. */
export const isLinkable = ({ ref, dependsOn }: Linkable) => ref != null || (dependsOn?.length ?? 0) > 0;

/**
 * The dependencies of each item, with places in the list for those that were named by `ref`; or the problem of the item.
 * @throws InvalidInput when there are too many of them in all
 */
export async function linkItems(
  context: Context,
  items: readonly Linkable[],
): Promise<(Dependency[] | Problem)[]> {
  const count = items.reduce((sum, { dependsOn }) => sum + (dependsOn?.length ?? 0), 0);
  if (count > MAX_DEPENDENCIES) {
    const message = `may have ${MAX_DEPENDENCIES} dependencies in all, and has ${count}`;
    throw new InvalidInput([{ path: ['dependsOn'], message }]);
  }
  const places = new Map<string, number>();
  for (const [place, { ref }] of items.entries()) {
    if (ref != null && !places.has(ref)) places.set(ref, place);
  }
  const visible = await findVisible(context, items);
  const linked = items.map((item, place) => {
    try {
      return linkItem(item, place, places, visible);
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
  });
  return refuseCycles(items, linked);
}

/** Ids, as callers write them, of the named tasks that the caller may see. */
async function findVisible(context: Context, items: readonly Linkable[]): Promise<Set<string>> {
  const named = new Set(
    items.flatMap(
      ({ dependsOn }) => dependsOn?.flatMap(({ taskId }) => (taskId ? [String(taskId)] : [])) ?? [],
    ),
  );
  const ids = [...named].flatMap((id) => fromTypeId('task', id) ?? []);
  if (ids.length === 0) return new Set();
  const found = await context.services.store.findTaskAccess(ids);
  const seen = await Promise.all(found.map((task) => mayISee(context, task)));
  return new Set(found.flatMap(({ id }, n) => (seen[n] ? [toTypeId('task', id)] : [])));
}

function linkItem(
  { ref, dependsOn }: Linkable,
  place: number,
  places: ReadonlyMap<string, number>,
  visible: ReadonlySet<string>,
): Dependency[] {
  if (ref != null && !text(1, 128).safeParse(ref).success) {
    throw new InvalidInput([{ path: ['ref'], message: 'must be text of 1 to 128 characters' }]);
  }
  if (ref != null && places.get(ref) !== place) {
    throw new InvalidInput([{ path: ['ref'], message: 'is the ref of an earlier item' }]);
  }
  const seen = new Set<string | number>();
  return (dependsOn ?? []).map(({ taskId, ref: name, onFailure }, n) => {
    const at = (field: string, message: string) =>
      new InvalidInput([{ path: ['dependsOn', String(n), field], message }]);
    if ((taskId == null) === (name == null))
      throw at('taskId', 'either taskId or ref must be given, not both');
    const parent =
      taskId == null ? places.get(name as string) : visible.has(taskId) && fromTypeId('task', taskId);
    if (parent === undefined) throw at('ref', 'is the ref of no item of this list');
    if (parent === false || parent === null) throw new TaskNotFound(String(taskId));
    if (seen.has(parent)) throw at(taskId == null ? 'ref' : 'taskId', 'is named twice');
    seen.add(parent);
    return { parent, runsOnFailure: onFailure === 'RUN' };
  });
}

/** Refuses what waits for itself, and then what depends on an item that is refused. */
function refuseCycles(
  items: readonly Linkable[],
  linked: readonly (Dependency[] | Problem)[],
): (Dependency[] | Problem)[] {
  const result = [...linked];
  for (;;) {
    const ordered = orderByDependencies(result.map(itemsOf));
    if ('order' in ordered) return result;
    const names = ordered.cycle.map((place) => items[place]?.ref);
    const path = [...names, names[0]].join(' → ');
    for (const place of ordered.cycle) {
      result[place] = new InvalidInput([{ path: ['dependsOn'], message: `waits for itself: ${path}` }]);
    }
  }
}

/** Places of the items that an item depends on. */
const itemsOf = (linked: Dependency[] | Problem | undefined) =>
  Array.isArray(linked) ? linked.flatMap(({ parent }) => (typeof parent === 'number' ? [parent] : [])) : [];

/**
 * Refuses, besides what has a problem of its own, what depends on a refused item.
 * @param problems of the items, by their places
 */
export function refuseDependents(
  items: readonly Linkable[],
  linked: readonly (Dependency[] | Problem)[],
  problems: ReadonlyMap<number, Problem>,
): Map<number, Problem> {
  const refused = new Map(problems);
  const ordered = orderByDependencies(linked.map(itemsOf));
  if ('cycle' in ordered) throw new Error('Cycles were refused before.');
  for (const place of ordered.order) {
    const parent = refused.has(place) ? undefined : itemsOf(linked[place]).find((item) => refused.has(item));
    if (parent !== undefined) refused.set(place, dependsOnRefused(items[parent]?.ref));
  }
  return refused;
}

export function dependsOnRefused(ref: string | null | undefined): InvalidInput {
  return new InvalidInput([
    {
      path: ['dependsOn'],
      message: `names the item ${JSON.stringify(ref ?? null)}, which was refused: see its own result`,
    },
  ]);
}
