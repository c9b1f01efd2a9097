/** Limits of a job: how callers give them, and what a job shows of them and of their use. */
import { z } from 'zod';
import { limitKeysSeenBy } from '../../domain/access-scopes.ts';
import {
  type JobLimit,
  LIMIT_SCOPES,
  type LimitScope,
  LONGEST_PERIOD_SECONDS,
  MOST_LIMITS,
  MOST_PASSING,
} from '../../domain/limits.ts';
import { InvalidInput } from '../../domain/problems.ts';
import type { LimitUse } from '../../store/gates/limit-use.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { describeValues } from '../enums.ts';
import { jsonPointer, text } from '../input.ts';
import { JobType } from './type.ts';

const SCOPES = Object.keys(LIMIT_SCOPES) as LimitScope[];

const LimitScopeEnum = builder.enumType('LimitScope', {
  description: 'What a limit counts together.',
  values: describeValues(SCOPES, LIMIT_SCOPES),
});

const RATE_DESCRIPTION =
  'At most `count` starts in any period of `perSeconds` seconds. A start counts from its claim until the period has passed, however the attempt ends.';

const LimitRateInput = builder.inputType('LimitRateInput', {
  description: RATE_DESCRIPTION,
  fields: (t) => ({
    count: t.int({ required: true, description: `1 to ${MOST_PASSING}.` }),
    perSeconds: t.int({
      required: true,
      description: `1 to ${LONGEST_PERIOD_SECONDS}: a year.`,
    }),
  }),
});

export const JobLimitInput = builder.inputType('JobLimitInput', {
  description: 'Either maxRunning or a rate.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description:
        'Unique among the limits of the job: 1 to 64 letters, digits, ".", "_" and "-", the first one a letter or digit. A limit that keeps its name, scope and pointer keeps what it has counted.',
    }),
    scope: t.field({
      type: LimitScopeEnum,
      required: true,
      defaultValue: 'JOB',
      description: 'Which tasks it counts together.',
    }),
    keyPointer: t.string({
      description:
        'For scope KEY: a JSON Pointer into the payload, such as /customer/id, to the string, number or boolean that is the key. Left out: the limitKey of the submission.',
    }),
    maxRunning: t.int({
      description: `Tasks that may be CLAIMED or RUNNING at the same time, 1 to ${MOST_PASSING}.`,
    }),
    rate: t.field({ type: LimitRateInput, description: 'How many tasks may start in a period.' }),
  }),
});

export const LIMITS_DESCRIPTION = `Up to ${MOST_LIMITS} limits, all of which hold: how many of its tasks may run at the same time, or start in a period. They count over all servers and workers. What runs when they are given is counted, and goes on.`;

const limitInput = z
  .object({
    name: text(1, 64).regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
      'must have letters, digits, ".", "_" and "-" alone, and begin with a letter or digit',
    ),
    scope: z.enum(SCOPES),
    keyPointer: jsonPointer().nullish(),
    maxRunning: z.int().min(1).max(MOST_PASSING).nullish(),
    rate: z
      .object({
        count: z.int().min(1).max(MOST_PASSING),
        perSeconds: z.int().min(1).max(LONGEST_PERIOD_SECONDS),
      })
      .nullish(),
  })
  .superRefine(({ scope, keyPointer, maxRunning, rate }, context) => {
    if ((maxRunning == null) === (rate == null)) {
      context.addIssue({
        code: 'custom',
        message: 'must have either maxRunning or rate; for both give two limits',
      });
    }
    if (keyPointer != null && scope !== 'KEY') {
      context.addIssue({ code: 'custom', path: ['keyPointer'], message: 'is for the scope KEY alone' });
    }
  })
  .transform(
    ({ name, scope, keyPointer, maxRunning, rate }): JobLimit => ({
      ...{ name, scope },
      keyPointer: keyPointer ?? null,
      maxRunning: maxRunning ?? null,
      rate: rate ?? null,
    }),
  );

/** Limits as callers give them. */
export const limitsInput = z
  .array(limitInput)
  .max(MOST_LIMITS)
  .refine(
    (limits) => new Set(limits.map(({ name }) => name)).size === limits.length,
    'must have names of their own',
  )
  .nullish();

const LimitRateType = builder.objectRef<NonNullable<JobLimit['rate']>>('LimitRate').implement({
  description: RATE_DESCRIPTION,
  fields: (t) => ({
    count: t.exposeInt('count', { description: 'Starts.' }),
    perSeconds: t.exposeInt('perSeconds', { description: 'Seconds.' }),
  }),
});

const LimitUseType = builder.objectRef<LimitUse>('LimitUse').implement({
  description: 'How much of a limit one key has used.',
  fields: (t) => ({
    key: t.exposeString('key', {
      nullable: true,
      description:
        'The room, the identity or the key; null for the whole job. A key of more than 200 characters is shown as its SHA-256.',
    }),
    running: t.exposeInt('running', {
      nullable: true,
      description: 'Tasks that hold a slot; null for a rate. More than maxRunning where that was lowered.',
    }),
    tokensLeft: t.exposeInt('tokensLeft', {
      nullable: true,
      description: 'For a rate: tasks that may start now.',
    }),
    opensAt: t.expose('opensAt', {
      type: 'DateTime',
      nullable: true,
      description: 'For a rate without tokens: when the next task may start.',
    }),
  }),
});

interface ShownLimit extends JobLimit {
  job: { id: string; room: string };
}

const MOST_USES = 100;

const JobLimitType = builder.objectRef<ShownLimit>('JobLimit').implement({
  description: 'How many tasks of a job may run at the same time, or start in a period.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Unique among the limits of the job.' }),
    scope: t.expose('scope', { type: LimitScopeEnum, description: 'What it counts together.' }),
    keyPointer: t.exposeString('keyPointer', {
      nullable: true,
      description:
        'For scope KEY: JSON Pointer to the key in the payload; null if the key is the limitKey of the submission.',
    }),
    maxRunning: t.exposeInt('maxRunning', {
      nullable: true,
      description: 'Tasks that may be CLAIMED or RUNNING at the same time; null for a rate.',
    }),
    rate: t.field({
      type: LimitRateType,
      nullable: true,
      description: 'Starts in a period; null for maxRunning.',
      resolve: ({ rate }) => rate,
    }),
    use: t.field({
      type: [LimitUseType],
      description:
        'What is used of it now, by key: the fullest first, keys without any use left out. Keys of rooms, people and payloads that the caller may not see are left out as well.',
      args: {
        first: t.arg.int({ required: true, defaultValue: 10, description: `1 to ${MOST_USES}.` }),
      },
      complexity: ({ first }: { first?: number }) => ({
        field: 1,
        multiplier: Math.max(1, Math.min(first ?? 10, MOST_USES) / 10),
      }),
      extensions: { differsByCaller: true },
      resolve: ({ job, ...limit }, { first }, context) => {
        if (first < 1 || first > MOST_USES)
          throw new InvalidInput([{ path: ['first'], message: `must be 1 to ${MOST_USES}` }]);
        const keys = limitKeysSeenBy(viewerOf(context), job.room, limit.scope);
        return context.services.store.findLimitUse({ jobId: job.id, limit, keys, first });
      },
    }),
  }),
});

builder.objectField(JobType, 'limits', (t) =>
  t.field({
    type: [JobLimitType],
    complexity: { field: 1, multiplier: MOST_LIMITS },
    description: 'How many of its tasks may run at the same time, or start in a period. Empty: no limit.',
    resolve: ({ id, room, limits }) =>
      (limits as unknown as JobLimit[]).map((limit) => ({ ...limit, job: { id, room } })),
  }),
);
