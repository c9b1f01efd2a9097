/** operations, operationRun and operationRuns. */
import { z } from 'zod';
import { canOperate } from '../../domain/access.ts';
import { fromTypeId } from '../../domain/typeid.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { parseInput, parseRoom, text } from '../input.ts';
import { requireOperator } from '../operator.ts';
import { pageComplexity, resolveKeyset } from '../paging.ts';
import { asOperationRun, OperationRunStatusEnum, OperationRunType, OperationType } from './type.ts';

builder.queryField('operations', (t) =>
  t.field({
    type: [OperationType],
    description: 'Every operation that can be run, with its parameters. For an ADMIN.',
    resolve: (_root, _args, context) => {
      requireOperator(context);
      return [...context.services.operations.list];
    },
  }),
);

builder.queryField('operationRun', (t) =>
  t.field({
    type: OperationRunType,
    nullable: true,
    description: 'The run with this id; null when there is none that the caller may see.',
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, context) => {
      const uuid = canOperate(viewerOf(context)) ? fromTypeId('run', id) : null;
      const [run] = uuid === null ? [] : await context.services.operationRuns.find([uuid]);
      return run ? asOperationRun(run) : null;
    },
  }),
);

const OperationRunFilterInput = builder.inputType('OperationRunFilter', {
  description: 'All given conditions must hold.',
  fields: (t) => ({
    operation: t.string({ description: 'Name of the operation.' }),
    room: t.string({ description: 'Runs for this room alone.' }),
    status: t.field({ type: OperationRunStatusEnum }),
  }),
});

const filterOf = z.object({ operation: text(0, 128).nullish() });

builder.queryField('operationRuns', (t) =>
  t.connection(
    {
      type: OperationRunType,
      description: 'Runs of operations, newest first. For an ADMIN.',
      args: { filter: t.arg({ type: OperationRunFilterInput }) },
      complexity: pageComplexity,
      resolve: (_root, { filter, ...page }, context) => {
        requireOperator(context);
        const { operation } = parseInput(filterOf, filter ?? {}, ['filter']);
        const where = {
          ...(operation != null && { operation }),
          ...(filter?.room != null && { room: parseRoom(filter.room) }),
          ...(filter?.status && { status: filter.status }),
        };
        return resolveKeyset('run', 'desc', page, (keyset) =>
          context.services.prisma.operationRun.findMany({ ...keyset, where: { ...keyset.where, ...where } }),
        );
      },
    },
    { name: 'OperationRunConnection' },
    { name: 'OperationRunEdge' },
  ),
);
