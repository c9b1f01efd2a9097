/** checkPayload: what a submission would be refused for, without submitting. */

import { z } from 'zod';
import { canSubmitTo } from '../../domain/access.ts';
import type { InputIssue } from '../../domain/problems.ts';
import { JobNotFound } from '../../domain/problems.ts';
import { isVisibleFrom } from '../../domain/rooms.ts';
import { inTurns } from '../batch-results.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { notFoundError } from '../errors.ts';
import { json, parseInput, parseRoom } from '../input.ts';
import { InputIssueType } from '../problems.ts';

const checked = z.object({ payload: json() });

builder.queryField('checkPayload', (t) =>
  t.field({
    type: [InputIssueType],
    description:
      'What is wrong with a payload by the present schema of a job, as a submission from the room would be answered; empty when nothing is. Nothing is submitted.',
    args: {
      job: t.arg.string({ required: true, description: 'Full name: room:category:name.' }),
      room: t.arg.string({ required: true, description: 'The room that would be submitted to.' }),
      payload: t.arg({ type: 'JSON', description: 'Left out: {}.' }),
    },
    complexity: 1,
    resolve: async (_root, args, context) => {
      const viewer = viewerOf(context);
      const room = parseRoom(args.room);
      if (!canSubmitTo(viewer, room)) throw notFoundError('The room');
      const { payload = {} } = parseInput(checked, args);
      const { jobs } = context.services;
      const known = await jobs.find(args.job);
      const job = known && (await jobs.latest(known.id));
      if (!job || !isVisibleFrom(job.room, room)) throw new JobNotFound(args.job);
      const [issues] = await inTurns(context, [payload ?? {}], (value) =>
        job.validatePayload(value, viewer.id),
      );
      return issues as InputIssue[];
    },
  }),
);
