/** Fairness of a job: how callers give it, and what a job shows of it. */
import { z } from 'zod';
import { FAIRNESS, type Fairness, type FairnessBy } from '../../domain/fairness.ts';
import { InvalidInput } from '../../domain/problems.ts';
import { builder } from '../builder.ts';
import { describeValues } from '../enums.ts';
import { jsonPointer } from '../input.ts';
import { JobType } from './type.ts';

const VALUES = Object.keys(FAIRNESS) as FairnessBy[];

export const FairnessEnum = builder.enumType('Fairness', {
  description: 'By what tasks of equal priority take turns.',
  values: describeValues(VALUES, FAIRNESS),
});

export const FAIRNESS_DESCRIPTION =
  'By what its tasks of equal priority take turns, so that none who submits many keeps others waiting. It holds for what waits already, too.';
export const FAIRNESS_POINTER_DESCRIPTION =
  'Of fairness KEY: a JSON Pointer into the payload, as /customer/id, where a text, a number or a boolean is the key. Left out: the limitKey of the submission.';

/** Fairness as callers give it. */
export const fairnessInput = {
  fairness: z.enum(VALUES).nullish(),
  fairnessKeyPointer: jsonPointer().nullish(),
};

/** What the two fields of an input say together; undefined where they say nothing. */
export function fairnessOf({
  fairness,
  fairnessKeyPointer,
}: {
  fairness?: FairnessBy | null | undefined;
  fairnessKeyPointer?: string | null | undefined;
}): Fairness | undefined {
  if (fairnessKeyPointer != null && fairness !== 'KEY') {
    throw new InvalidInput([{ path: ['fairnessKeyPointer'], message: 'is for the fairness KEY alone' }]);
  }
  return fairness == null ? undefined : { by: fairness, keyPointer: fairnessKeyPointer ?? null };
}

builder.objectFields(JobType, (t) => ({
  fairness: t.expose('fairness', {
    type: FairnessEnum,
    description: 'By what its tasks of equal priority take turns.',
  }),
  fairnessKeyPointer: t.exposeString('fairnessPointer', {
    nullable: true,
    description:
      'Of fairness KEY: where the payload has the key; null where it is the limitKey of the submission.',
  }),
}));
