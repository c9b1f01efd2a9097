/** operationRunEvents: how runs begin, get on and end, on all servers. */
import { z } from 'zod';
import type { RunRow } from '../../domain/operation-run.ts';
import { openRunStream, type RunStreamItem } from '../../events/streams/audit-streams.ts';
import { builder } from '../builder.ts';
import { parseInput, parseRoom, text } from '../input.ts';
import { requireOperator } from '../operator.ts';
import { asOperationRun, OperationRunType } from './type.ts';

type Kind<K extends RunStreamItem['kind']> = Extract<RunStreamItem, { kind: K }>;

const OperationRunsSnapshot = builder.objectRef<Kind<'snapshot'>>('OperationRunsSnapshot').implement({
  description: 'What is RUNNING at the beginning of the stream.',
  fields: (t) => ({
    runs: t.field({ type: [OperationRunType], resolve: ({ runs }) => runs.map(asOperationRun) }),
  }),
});

const OperationRunChanged = builder.objectRef<Kind<'changed'>>('OperationRunChanged').implement({
  description:
    'A run has begun, made progress or ended. Of changes in quick succession only the latest may come.',
  fields: (t) => ({
    run: t.field({ type: OperationRunType, resolve: ({ run }) => asOperationRun(run) }),
  }),
});

const OperationRunEvent = builder.unionType('OperationRunEvent', {
  description: 'First what is running, then every change.',
  types: [OperationRunsSnapshot, OperationRunChanged],
  resolveType: (item) =>
    (item as RunStreamItem).kind === 'snapshot' ? OperationRunsSnapshot : OperationRunChanged,
});

const filter = z.object({ operation: text(0, 128).nullish() });

builder.subscriptionField('operationRunEvents', (t) =>
  t.field({
    type: OperationRunEvent,
    description:
      'Runs of operations as they begin, get on and end, whichever server runs them. For an ADMIN.',
    args: {
      operation: t.arg.string({ description: 'Only runs of this operation.' }),
      room: t.arg.string({ description: 'Only runs for this room.' }),
    },
    subscribe: async (_root, args, context) => {
      requireOperator(context);
      const wantedRoom = args.room == null ? null : parseRoom(args.room);
      const { operation } = parseInput(filter, args);
      const { feed, running } = context.services.operationRuns;
      const accept = (run: RunRow) =>
        (operation == null || run.operation === operation) &&
        (wantedRoom === null || run.room === wantedRoom);
      return openRunStream({ feed, running, accept });
    },
    resolve: (item) => item,
  }),
);
