/** claimTasks: the next work of a worker. */
import { z } from 'zod';
import { Forbidden, InvalidInput, WorkerNotFound } from '../../domain/problems.ts';
import type { TaskRow } from '../../domain/task.ts';
import type { DatabaseSession } from '../../store/database/database.ts';
import type { ClaimRequest } from '../../store/tasks/claim/claim.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { parseInput } from '../input.ts';
import { findUsableWorker } from '../worker/usable.ts';
import { asTask, TaskType } from './type.ts';

const ClaimTasksInput = builder.inputType('ClaimTasksInput', {
  fields: (t) => ({
    workerId: t.id({ required: true }),
    limit: t.int({ required: true, defaultValue: 1, description: '1 to 500.' }),
    start: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Also start them: PENDING → CLAIMED → RUNNING in one step, both transitions recorded.',
    }),
    waitSeconds: t.int({
      required: true,
      defaultValue: 0,
      description:
        'Seconds to wait for work while there is none: 0 to 30. The answer comes with the first task, or without one when the time is over or the server stops. A caller that has disconnected gets no task.',
    }),
  }),
});

const claim = z.object({
  limit: z.int().min(1).max(500),
  start: z.boolean(),
  waitSeconds: z.int().min(0).max(30),
});

const ClaimTasksSuccess = builder.objectRef<{ tasks: TaskRow[] }>('ClaimTasksSuccess').implement({
  fields: (t) => ({ tasks: t.field({ type: [TaskType], resolve: ({ tasks }) => tasks.map(asTask) }) }),
});

const ClaimTasksResult = builder.errorUnion('ClaimTasksResult', {
  types: [ClaimTasksSuccess, WorkerNotFound, InvalidInput, Forbidden],
  resolveType: () => ClaimTasksSuccess,
});

builder.mutationField('claimTasks', (t) =>
  t.field({
    type: ClaimTasksResult,
    description:
      'Claims tasks of the jobs that the worker serves: highest priority first, then oldest runAt, then submission order. None is ever given to two workers in one attempt.',
    args: { input: t.arg({ type: ClaimTasksInput, required: true }) },
    complexity: ({ input }: { input?: { limit?: number } }) => ({
      field: 1,
      multiplier: Math.max(1, (input?.limit ?? 1) / 10),
    }),
    resolve: async (_root, { input }, context) => {
      const { limit, start, waitSeconds } = parseInput(claim, input);
      const { id } = await findUsableWorker(context, input.workerId);
      const { store, jobs } = context.services;
      const wanted = { workerId: id, limit, start, actor: viewerOf(context).id };
      const tasks =
        waitSeconds === 0
          ? await store.claimTasks(wanted)
          : await claimOrWait(context, wanted, waitSeconds * 1_000);
      // No work, or no worker any more?
      if (tasks.length === 0 && (await store.findWorkers([id])).length === 0)
        throw new WorkerNotFound(input.workerId);
      jobs.rememberTasks(tasks);
      // Known before the tasks are shown: then no task has to read its own.
      await Promise.all([...new Set(tasks.map(({ jobId }) => jobId))].map((jobId) => jobs.findById(jobId)));
      for (const task of tasks) context.granted.add(task.id);
      return { tasks };
    },
  }),
);

/** The tasks that there are, or that come. A caller who leaves while they are claimed gets none: they go back. */
async function claimOrWait(context: Context, wanted: ClaimRequest, waitMs: number): Promise<TaskRow[]> {
  const { services, whenGone } = context;
  const { store, signals } = services;
  const { workerId, limit, actor } = wanted;
  const began = performance.now();
  let lookedMs = 0;

  async function look(behind?: DatabaseSession): Promise<TaskRow[] | null> {
    const start = performance.now();
    const tasks = behind ? await store.claimBehind(wanted, behind) : await store.claimTasks(wanted);
    lookedMs += performance.now() - start;
    return tasks;
  }

  const tasks = await signals.claim({
    ...{ workerId, limit, waitMs, whenGone, look },
    jobIds: async () => (await store.findServedJobs([workerId])).get(workerId) ?? [],
    giveBack: (taken) =>
      Promise.all(
        taken.map(({ id: taskId, attempt }) => store.releaseTask({ taskId, workerId, attempt, actor })),
      ),
  });
  context.waitedMs += performance.now() - began - lookedMs;
  return tasks;
}
