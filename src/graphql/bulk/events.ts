/** The subscription bulkRunEvents. */
import { fromTypeId } from '../../domain/typeid.ts';
import { builder } from '../builder.ts';
import { notFoundError } from '../errors.ts';
import { BulkRunType } from './type.ts';
import { loadVisibleBulk } from './visible.ts';

builder.subscriptionField('bulkRunEvents', (t) =>
  t.field({
    type: BulkRunType,
    description:
      'A run of the caller: first as it is, then whenever it has changed, five times a second at most. Ends when the run has.',
    args: { runId: t.arg.id({ required: true, description: 'Of a plan that was applied.' }) },
    subscribe: async (_root, { runId }, context) => {
      const row = await loadVisibleBulk(context, fromTypeId('bulk', runId));
      if (!row || row.status === 'PLANNED') throw notFoundError('The run');
      return context.services.bulkRuns.watch(row.id);
    },
    resolve: (run) => run,
  }),
);
