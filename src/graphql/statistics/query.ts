/** The query statistics. */
import { builder } from '../builder.ts';
import { parseScope } from './scope.ts';
import { StatisticsType } from './type.ts';
import { parseWindow, StatisticsWindowInput } from './window.ts';

builder.queryField('statistics', (t) =>
  t.field({
    type: StatisticsType,
    description:
      'How many tasks there are, and what has happened to them lately: of a room, of a job, or of all rooms that the caller belongs to. None for a USER, who does not see all tasks of any room.',
    args: {
      room: t.arg.string(),
      job: t.arg.string({ description: 'Full name: room:category:name.' }),
      window: t.arg({
        type: StatisticsWindowInput,
        required: true,
        defaultValue: { last: 60, interval: 'MINUTE' },
      }),
    },
    resolve: async (_root, { room, job, window }, context) => {
      const scope = await parseScope(context, { room, job });
      const series = parseWindow(window);
      const { store } = context.services;
      let reading: ReturnType<typeof store.readActivity> | undefined;
      const tallies = () => (reading ??= store.readActivity(scope, series));
      return { scope, series, now: await store.readNow(), tallies };
    },
  }),
);
