/** runOperation. */
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { RunRow } from '../../domain/operation-run.ts';
import { AlreadyRunning, Forbidden, InvalidInput, InvalidRoomId } from '../../domain/problems.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { json, parseInput, parseRoom, text } from '../input.ts';
import { requireOperator } from '../operator.ts';
import { asOperationRun, OperationRunType } from './type.ts';

const MAX_WAIT_SECONDS = 30;

const RunOperationInput = builder.inputType('RunOperationInput', {
  fields: (t) => ({
    operation: t.string({ required: true, description: 'Its name, as the query operations lists it.' }),
    room: t.string({
      description: 'Only what belongs to this room; left out, with `allRooms`: all rooms.',
    }),
    allRooms: t.boolean({
      description:
        'Must be true where the room is left out, so that nothing is done to all of them by mistake; not for a dry run.',
    }),
    dryRun: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Count what would be done, and change nothing.',
    }),
    parameters: t.field({ type: 'JSON', description: 'See the schema in the query operations.' }),
    waitSeconds: t.int({
      required: true,
      defaultValue: 0,
      description: `How long to wait for its end before answering: 0 to ${MAX_WAIT_SECONDS} seconds.`,
    }),
    correlationId: t.string({ description: '1 to 200 characters; left out: the id of the run.' }),
  }),
});

const run = z.object({
  operation: text(1, 128),
  parameters: json(),
  waitSeconds: z.int().min(0).max(MAX_WAIT_SECONDS),
  correlationId: text(1, 200).nullish(),
});

const OperationRunSuccess = builder.objectRef<{ run: RunRow }>('OperationRunSuccess').implement({
  description: 'The operation was started.',
  fields: (t) => ({
    run: t.field({
      type: OperationRunType,
      description: 'RUNNING, unless it has ended within the time waited for it.',
      resolve: ({ run }) => asOperationRun(run),
    }),
  }),
});

const RunOperationResult = builder.errorUnion('RunOperationResult', {
  types: [OperationRunSuccess, AlreadyRunning, InvalidRoomId, InvalidInput, Forbidden],
  resolveType: () => OperationRunSuccess,
});

builder.mutationField('runOperation', (t) =>
  t.field({
    type: RunOperationResult,
    description:
      'Starts an operation and answers when it is under way; operationRunEvents shows how it gets on. One run at a time for each operation and room.',
    args: { input: t.arg({ type: RunOperationInput, required: true }) },
    resolve: (_root, { input }, context) => runOperation(context, input),
  }),
);

async function runOperation(context: Context, input: typeof RunOperationInput.$inferInput) {
  requireOperator(context);
  const room = input.room == null ? null : parseRoom(input.room);
  const { waitSeconds, operation, parameters, correlationId } = parseInput(run, input);
  checkRooms(context, operation, input);
  const started = await context.services.operations.start({
    ...{ operation, room, parameters, correlationId },
    dryRun: input.dryRun,
    triggeredBy: viewerOf(context).id,
  });
  return { run: (await endWithin(started.finished, waitSeconds)) ?? started.run };
}

/** Whoever leaves the room out says that all of them are meant. */
function checkRooms(
  context: Context,
  name: string,
  { room, allRooms, dryRun }: typeof RunOperationInput.$inferInput,
): void {
  if (room != null && allRooms) {
    throw new InvalidInput([{ path: ['allRooms'], message: 'cannot be combined with room' }]);
  }
  // What there is not, and what needs a room, is refused for that.
  const operation = context.services.operations.list.find((one) => one.name === name);
  if (!operation || operation.needsRoom || room != null || allRooms || dryRun) return;
  throw new InvalidInput([
    { path: ['allRooms'], message: 'must be true to run for all rooms; otherwise give a room' },
  ]);
}

async function endWithin<T>(end: Promise<T>, seconds: number): Promise<T | undefined> {
  if (seconds === 0) return undefined;
  const timeUp = new AbortController();
  try {
    const waited = setTimeout(seconds * 1_000, undefined, { signal: timeUp.signal }).catch(() => undefined);
    return await Promise.race([end, waited]);
  } finally {
    timeUp.abort();
  }
}
