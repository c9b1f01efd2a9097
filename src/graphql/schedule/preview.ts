/** cronPreview: when a cron line would be due. */

import { z } from 'zod';
import { InvalidInput } from '../../domain/problems.ts';
import { nextTicks, normalizeCron } from '../../domain/schedule.ts';
import { builder } from '../builder.ts';
import { parseInput, text } from '../input.ts';
import { checkTiming } from './input.ts';

const MAX_RUNS = 100;

const CronPreview = builder.objectRef<{ cron: string; runs: Date[] }>('CronPreview').implement({
  description: 'When a cron line is due next.',
  fields: (t) => ({
    cron: t.exposeString('cron', { description: 'The line as a schedule would keep it.' }),
    runs: t.field({
      type: ['DateTime'],
      description: 'When it is due, the soonest first.',
      resolve: ({ runs }) => runs,
    }),
  }),
});

const CronPreviewResult = builder.errorUnion('CronPreviewResult', {
  types: [CronPreview, InvalidInput],
  resolveType: () => CronPreview,
});

const preview = z.object({
  cron: text(1, 256).transform(normalizeCron),
  timeZone: text(1, 64),
  count: z.int().min(1).max(MAX_RUNS),
});

builder.queryField('cronPreview', (t) =>
  t.field({
    type: CronPreviewResult,
    description:
      'When a cron line would be due in a time zone, as schedules read it; InvalidInput says what is wrong with it.',
    args: {
      cron: t.arg.string({
        required: true,
        description: 'As of a schedule: five fields, or a nickname such as @daily.',
      }),
      timeZone: t.arg.string({ required: true, defaultValue: 'UTC', description: 'IANA name.' }),
      count: t.arg.int({ required: true, defaultValue: 5, description: `1 to ${MAX_RUNS}.` }),
      after: t.arg({ type: 'DateTime', description: 'Only what comes after this moment; left out: now.' }),
    },
    resolve: async (_root, args, context) => {
      const { cron, timeZone, count } = parseInput(preview, args);
      await checkTiming(context, { cron, timeZone });
      const after = args.after ?? (await context.services.store.readNow());
      return { cron, runs: nextTicks({ cron, timeZone }, after, count) };
    },
  }),
);
