/** Submissions that were checked, with what they depend on. */

import type { Dependency } from '../../domain/dependencies.ts';
import { present } from '../../domain/present.ts';
import { Problem } from '../../domain/problems.ts';
import type { Submission } from '../../store/tasks/submit/submit.ts';
import { isRight } from '../batch-results.ts';
import type { Context } from '../context.ts';
import { type Linkable, linkItems, refuseDependents } from './depends-on.ts';

/** @throws the problem of its dependencies, where it has one */
export async function linkOne(context: Context, input: Linkable): Promise<Dependency[]> {
  const [linked = []] = await linkItems(context, [input]);
  if (linked instanceof Problem) throw linked;
  return linked;
}

/** Adds what each depends on, with places among those that are right. */
export async function linkAll<Prepared extends { submission: Submission }>(
  context: Context,
  inputs: readonly Linkable[],
  checked: readonly (Prepared | Problem)[],
): Promise<(Prepared | Problem)[]> {
  const linked = await linkItems(context, inputs);
  const problems = new Map<number, Problem>();
  for (const [place, one] of checked.entries()) {
    const problem = [one, linked[place]].find((part) => part instanceof Problem);
    if (problem) problems.set(place, problem as Problem);
  }
  const refused = refuseDependents(inputs, linked, problems);
  let next = 0;
  const places = checked.map((_, place) => (refused.has(place) ? -1 : next++));
  return checked.map((one, place) => {
    if (refused.has(place) || !isRight(one)) return present(refused.get(place));
    const dependsOn = (linked[place] as Dependency[]).map((dependency) =>
      typeof dependency.parent === 'number'
        ? { ...dependency, parent: present(places[dependency.parent]) }
        : dependency,
    );
    return { ...one, submission: { ...one.submission, dependsOn } };
  });
}
