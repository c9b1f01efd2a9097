/** The queries job and jobs. */
import { z } from 'zod';
import { canSeeJobsOf, jobRoomsOf } from '../../domain/access.ts';
import { InvalidInput } from '../../domain/problems.ts';
import { GLOBAL_ROOM } from '../../domain/rooms.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { notFoundError } from '../errors.ts';
import { parseInput, parseRoom, text } from '../input.ts';
import { pageComplexity, resolveKeyset, toIdPage } from '../paging.ts';
import { asJob, JobType } from './type.ts';

builder.queryField('job', (t) =>
  t.field({
    type: JobType,
    nullable: true,
    description: 'The job of this full name; null when there is none that the caller may see.',
    args: { fullName: t.arg.string({ required: true }) },
    resolve: async (_root, { fullName }, context) => {
      const job = await context.services.store.findJobByName(fullName);
      return job && canSeeJobsOf(viewerOf(context), job.room) ? asJob(job) : null;
    },
  }),
);

const MAX_WORDS = 8;
const conditions = z.object({ category: text(0, 128).nullish(), search: text(0, 200).nullish() });

builder.queryField('jobs', (t) =>
  t.connection(
    {
      type: JobType,
      description:
        'The jobs that can be run from this room: its own and, unless it is @global itself, those of @global. Without a room: those of all rooms of the caller, and of @global. Oldest first.',
      args: {
        room: t.arg.string({ description: 'Left out: all rooms of the caller.' }),
        category: t.arg.string(),
        search: t.arg.string({
          description: `Words that must all occur in the full name or the description, ignoring case: ${MAX_WORDS} at most.`,
        }),
        retired: t.arg.boolean({
          required: true,
          defaultValue: false,
          description: 'true: only those that are retired, which lists leave out.',
        }),
      },
      complexity: pageComplexity,
      resolve: (_root, { room, retired, ...args }, context) => {
        const { category, search } = parseInput(conditions, args);
        const words = (search ?? '').split(/\s+/).filter((word) => word !== '');
        if (words.length > MAX_WORDS) {
          throw new InvalidInput([{ path: ['search'], message: `may have ${MAX_WORDS} words at most` }]);
        }
        const condition = {
          rooms: roomsWanted(context, room),
          category: category ?? null,
          search: words,
          retired,
        };
        return resolveKeyset('job', 'asc', args, async (page) =>
          (await context.services.store.listJobs(condition, toIdPage(page))).map(asJob),
        );
      },
    },
    { name: 'JobConnection' },
    { name: 'JobEdge' },
  ),
);

/** The rooms whose jobs are listed; null: all. @throws NOT_FOUND for one that the caller does not belong to */
export function roomsWanted(context: Context, input: string | null | undefined): string[] | null {
  const viewer = viewerOf(context);
  if (input == null) return jobRoomsOf(viewer);
  const room = parseRoom(input);
  if (!canSeeJobsOf(viewer, room)) throw notFoundError('The room');
  return [...new Set([room, GLOBAL_ROOM])];
}
