/** The queries job and jobs. */
import { z } from 'zod';
import { canSeeJobsOf } from '../../domain/access.ts';
import { GLOBAL_ROOM } from '../../domain/rooms.ts';
import { isStorable } from '../../domain/storable.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { notFoundError } from '../errors.ts';
import { parseInput, parseRoom, text } from '../input.ts';
import { pageComplexity, resolveKeyset } from '../paging.ts';
import { asJob, JobType } from './type.ts';

builder.queryField('job', (t) =>
  t.field({
    type: JobType,
    nullable: true,
    description: 'The job of this full name; null when there is none that the caller may see.',
    args: { fullName: t.arg.string({ required: true }) },
    resolve: async (_root, { fullName }, context) => {
      const job = isStorable(fullName) ? await context.services.store.findJobByName(fullName) : null;
      return job && canSeeJobsOf(viewerOf(context), job.room) ? asJob(job) : null;
    },
  }),
);

const filter = z.object({ category: text(0, 128).nullish() });

builder.queryField('jobs', (t) =>
  t.connection(
    {
      type: JobType,
      description:
        'The jobs that can be run from this room: its own and, unless it is @global itself, those of @global.',
      args: { room: t.arg.string({ required: true }), category: t.arg.string() },
      complexity: pageComplexity,
      resolve: (_root, args, context) => {
        const room = parseRoom(args.room);
        if (!canSeeJobsOf(viewerOf(context), room)) throw notFoundError('The room');
        const { category } = parseInput(filter, args);
        return resolveKeyset('job', 'asc', args, (page) =>
          context.services.prisma.job.findMany({
            ...page,
            where: {
              ...page.where,
              room: { in: [...new Set([room, GLOBAL_ROOM])] },
              category: category ?? undefined,
              retiredAt: null,
            },
          }),
        );
      },
    },
    { name: 'JobConnection' },
    { name: 'JobEdge' },
  ),
);
