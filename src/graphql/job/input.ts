/** What callers say of a job, and how it is checked. */
import { z } from 'zod';
import { builder } from '../builder.ts';
import { json, nameText, text } from '../input.ts';
import { fairnessInput } from './fairness.ts';
import { limitsInput } from './limits.ts';

export const RetryPolicyInput = builder.inputType('RetryPolicyInput', {
  description: 'Defaults for what is left out: 5 attempts; 60, 300, 900, 3600 seconds.',
  fields: (t) => ({
    maxAttempts: t.int({ description: '1 to 100; 1 for no retry.' }),
    backoffSeconds: t.floatList({ description: '1 to 100 delays of 0 seconds to a year.' }),
  }),
});

const YEAR_SECONDS = 31_536_000;

export const jobSettings = z.object({
  category: text(1, 128),
  name: nameText(),
  description: text(0, 2_000).nullish(),
  payloadSchema: json(),
  resultSchema: json(),
  retryPolicy: z
    .object({
      maxAttempts: z.int().min(1).max(100).nullish(),
      backoffSeconds: z.array(z.number().min(0).max(YEAR_SECONDS)).min(1).max(100).nullish(),
    })
    .nullish(),
  timeoutSeconds: z.int().min(1).max(YEAR_SECONDS).nullish(),
  limits: limitsInput,
  ...fairnessInput,
});
