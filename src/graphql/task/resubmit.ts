/** resubmitTask: the same again, perhaps with another payload. */
import { Forbidden, InvalidInput, JobNotFound, TaskNotFound } from '../../domain/problems.ts';
import { toTypeId } from '../../domain/typeid.ts';
import { builder } from '../builder.ts';
import { visibleOrNotFound } from './caller-mutations.ts';
import { SubmitTaskSuccess, submitAs } from './submit.ts';

const ResubmitTaskInput = builder.inputType('ResubmitTaskInput', {
  description: 'The task to submit again, and what to change.',
  fields: (t) => ({
    taskId: t.id({ required: true, description: 'ID of the task, in any status.' }),
    payload: t.field({ type: 'JSON', description: "Checked against the job's schema; left out: the same." }),
    priority: t.int({ description: 'Higher first; left out: the same.' }),
    runAt: t.field({ type: 'DateTime', description: 'It is not claimed before this time; default now.' }),
    labels: t.field({ type: 'Labels', description: '64 at most; left out: the same.' }),
    maxAttempts: t.int({ description: '1 to 100; left out: as the retry policy of the job says.' }),
    idempotencyKey: t.string({
      description: 'As in submitTask: a second submission with the same key returns the task of the first.',
    }),
  }),
});

const ResubmitTaskResult = builder.errorUnion('ResubmitTaskResult', {
  types: [SubmitTaskSuccess, TaskNotFound, JobNotFound, InvalidInput, Forbidden],
  resolveType: () => SubmitTaskSuccess,
});

builder.mutationField('resubmitTask', (t) =>
  t.field({
    type: ResubmitTaskResult,
    description:
      'Submits the same again as a task of its own, whose `copyOf` names the first: same job, room, correlation id, entity and limit key. Who sees a task and may submit to its room may do so.',
    args: { input: t.arg({ type: ResubmitTaskInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const task = await visibleOrNotFound(context, input.taskId);
      const job = await context.services.jobs.findById(task.jobId);
      if (!job) throw new JobNotFound(toTypeId('job', task.jobId));
      const { correlationId, entityType, entityId, limitKey } = task;
      const { runAt, maxAttempts, idempotencyKey } = input;
      return submitAs(
        context,
        {
          ...{ room: task.room, job: job.fullName, correlationId, entityType, entityId },
          ...{ runAt, maxAttempts, idempotencyKey, limitKey },
          payload: input.payload ?? task.payload,
          priority: input.priority ?? task.priority,
          labels: input.labels ?? task.labels,
        },
        task.id,
      );
    },
  }),
);
