/** The job of something that the caller sees: with it, the job may be seen. */
import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import type { Job as PrismaJob } from '../../generated/prisma/client.ts';
import type { Context } from '../context.ts';
import { asJob, loadGrantedJob } from './type.ts';

/** What a job is called never changes: whoever asks for no more is answered without reading. */
const NAMES = new Set(['__typename', 'id', 'fullName', 'room', 'category', 'name']);

export function visibleJob(
  context: Context,
  jobId: string,
  info: GraphQLResolveInfo,
): PrismaJob | Promise<PrismaJob> {
  const known = context.services.jobs.known(jobId);
  if (!known || !asksForNames(info)) return loadGrantedJob(context, jobId);
  context.granted.add(jobId);
  return asJob(known as unknown as Parameters<typeof asJob>[0]);
}

function asksForNames({ fieldNodes, fragments }: GraphQLResolveInfo): boolean {
  return fieldNodes.every(({ selectionSet }) => selectionSet && areNames(selectionSet, fragments));
}

// Documents are kept, and so are their nodes; a spread means the same throughout its document.
const judged = new WeakMap<SelectionSetNode, boolean>();

function areNames(set: SelectionSetNode, fragments: GraphQLResolveInfo['fragments']): boolean {
  const known = judged.get(set);
  if (known !== undefined) return known;
  const answer = set.selections.every((selection) => {
    if (selection.kind === Kind.FIELD) return NAMES.has(selection.name.value);
    if (selection.kind === Kind.INLINE_FRAGMENT) return areNames(selection.selectionSet, fragments);
    const fragment = fragments[selection.name.value];
    return fragment !== undefined && areNames(fragment.selectionSet, fragments);
  });
  judged.set(set, answer);
  return answer;
}
