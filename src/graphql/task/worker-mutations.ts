/** What a worker does with the tasks that it holds: start, progress, complete, fail, release. */
import { z } from 'zod';
import { InvalidInput, Problem } from '../../domain/problems.ts';
import { classify } from '../../domain/retry.ts';
import { builder } from '../builder.ts';
import { TaskOutcomeEnum } from '../enums.ts';
import { json, parseInput, text } from '../input.ts';
import { attemptOf } from './attempt.ts';
import { completeAll } from './complete.ts';
import { answerHolder, TaskResult } from './result.ts';

const AttemptInput = builder.inputType('AttemptInput', {
  description: 'The attempt that a worker reports on. Only the worker that holds it may.',
  fields: (t) => ({
    taskId: t.id({ required: true }),
    workerId: t.id({ required: true }),
    attempt: t.int({ required: true }),
  }),
});

const ReportProgressInput = builder.inputType('ReportProgressInput', {
  fields: (t) => ({
    taskId: t.id({ required: true }),
    workerId: t.id({ required: true }),
    attempt: t.int({ required: true }),
    percent: t.float({ required: true, description: '0 to 100; kept to two decimals.' }),
    message: t.string({ description: '1,000 characters at most.' }),
  }),
});

const CompleteTaskInput = builder.inputType('CompleteTaskInput', {
  fields: (t) => ({
    taskId: t.id({ required: true }),
    workerId: t.id({ required: true }),
    attempt: t.int({ required: true }),
    outcome: t.field({ type: TaskOutcomeEnum, required: true, defaultValue: 'COMPLETED' }),
    result: t.field({
      type: 'JSON',
      description: "Checked against the job's result schema where there is one.",
    }),
  }),
});

const TaskErrorInput = builder.inputType('TaskErrorInput', {
  fields: (t) => ({
    message: t.string({ required: true, description: '10,000 characters at most.' }),
    code: t.string({ description: '256 characters at most.' }),
    retryable: t.boolean({ description: 'Left out: classified from the code and the message.' }),
    retryAfterSeconds: t.float({
      description:
        'Seconds until another attempt makes sense, 0 to 2,592,000, for example by the Retry-After header of a service. It replaces the back-off of the policy, not its number of attempts. Without `retryable` it makes the error retryable.',
    }),
    context: t.field({ type: 'JSON' }),
  }),
});

const FailTaskInput = builder.inputType('FailTaskInput', {
  fields: (t) => ({
    taskId: t.id({ required: true }),
    workerId: t.id({ required: true }),
    attempt: t.int({ required: true }),
    error: t.field({ type: TaskErrorInput, required: true }),
  }),
});

/** Thirty days. */
const MAX_RETRY_AFTER_SECONDS = 2_592_000;

/** An hour. */
const MAX_DELAY_SECONDS = 3_600;

const progress = z.object({ percent: z.number().min(0).max(100), message: text(0, 1_000).nullish() });
const failure = z.object({
  error: z.object({
    message: text(0, 10_000),
    code: text(0, 256).nullish(),
    retryable: z.boolean().nullish(),
    retryAfterSeconds: z.number().min(0).max(MAX_RETRY_AFTER_SECONDS).nullish(),
    context: json(),
  }),
});

const release = z.object({ delaySeconds: z.number().min(0).max(MAX_DELAY_SECONDS).nullish() });

const START = { done: 'started', stops: false };
const PROGRESS = { done: 'reported on', stops: false };
const FAIL = { done: 'failed', stops: true };
const RELEASE = { done: 'released', stops: true };

builder.mutationField('startTask', (t) =>
  t.field({
    type: TaskResult,
    description: 'CLAIMED → RUNNING.',
    args: { input: t.arg({ type: AttemptInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const held = await attemptOf(context, input);
      return answerHolder(context, input.taskId, START, held, await context.services.store.startTask(held));
    },
  }),
);

builder.mutationField('reportProgress', (t) =>
  t.field({
    type: TaskResult,
    description:
      'Publishes the progress of an attempt to subscribers. Of reports that wait at the same time only the latest is stored.',
    args: { input: t.arg({ type: ReportProgressInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const held = await attemptOf(context, input);
      const { percent, message } = parseInput(progress, input);
      const result = await context.services.store.reportProgress({
        ...held,
        // Finer steps nobody sees; so they are no news.
        percent: Math.round(percent * 100) / 100,
        message: message ?? null,
      });
      return answerHolder(context, input.taskId, PROGRESS, held, result);
    },
  }),
);

builder.mutationField('completeTask', (t) =>
  t.field({
    type: TaskResult,
    description:
      'RUNNING → COMPLETED or PARTIAL. A result that violates its schema is refused; the task stays RUNNING.',
    args: { input: t.arg({ type: CompleteTaskInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const [answer] = await completeAll(context, [input]);
      if (answer instanceof Problem) throw answer;
      return answer as never;
    },
  }),
);

const MAX_COMPLETIONS = 1_000;

builder.mutationField('completeTasks', (t) =>
  t.field({
    type: [TaskResult],
    description:
      'Many outcomes in one round trip; one result per input, in order. A list of more than 1,000 is refused as a whole, by one InvalidInput.',
    args: { inputs: t.arg({ type: [CompleteTaskInput], required: true }) },
    complexity: ({ inputs }: { inputs?: unknown[] }) => ({
      field: 1,
      multiplier: Math.max(1, (inputs?.length ?? 1) / 10),
    }),
    resolve: async (_root, { inputs }, context) => {
      if (inputs.length > MAX_COMPLETIONS) {
        const message = `must have ${MAX_COMPLETIONS} entries at most`;
        return [new InvalidInput([{ path: ['inputs'], message }])] as never;
      }
      return (await completeAll(context, inputs)) as never;
    },
  }),
);

builder.mutationField('failTask', (t) =>
  t.field({
    type: TaskResult,
    description:
      'Reports that the attempt failed: RUNNING → PENDING after the back-off while attempts are left and the error is retryable, else RUNNING → FAILED.',
    args: { input: t.arg({ type: FailTaskInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const held = await attemptOf(context, input);
      const { message, code, context: details, ...hints } = parseInput(failure, input).error;
      const { retryAfterSeconds } = hints;
      const retryable = hints.retryable ?? (retryAfterSeconds == null ? undefined : true);
      const error = {
        message,
        code: code ?? null,
        context: details ?? null,
        ...(retryable === undefined ? classify({ code, message }) : { retryable }),
        ...(retryAfterSeconds != null && { retryAfterSeconds }),
      };
      return answerHolder(
        context,
        input.taskId,
        FAIL,
        held,
        await context.services.store.failTask({ ...held, error }),
      );
    },
  }),
);

builder.mutationField('releaseTask', (t) =>
  t.field({
    type: TaskResult,
    description:
      'Gives a claimed or running task back without counting a failure: for a worker that shuts down, or that leaves the task to others.',
    args: {
      input: t.arg({ type: AttemptInput, required: true }),
      delaySeconds: t.arg.float({
        description: 'Seconds until it can be claimed again, 0 to 3,600. Left out: at once.',
      }),
    },
    resolve: async (_root, { input, ...later }, context) => {
      const held = await attemptOf(context, input);
      const { delaySeconds } = parseInput(release, later);
      return answerHolder(
        context,
        input.taskId,
        RELEASE,
        held,
        await context.services.store.releaseTask({ ...held, ...(delaySeconds != null && { delaySeconds }) }),
      );
    },
  }),
);
