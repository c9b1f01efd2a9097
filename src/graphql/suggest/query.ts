/** suggest: what a search box offers while somebody types. */

import { z } from 'zod';
import { present } from '../../domain/present.ts';
import { InvalidInput } from '../../domain/problems.ts';
import { mostFrequent, pathsOf } from '../../domain/suggest.ts';
import type { Sampled } from '../../store/tasks/read/find-by-filter.ts';
import { builder } from '../builder.ts';
import { parseInput, text } from '../input.ts';
import { roomsWanted } from '../job/queries.ts';
import { scopeOf } from '../task/visible.ts';

/** Tasks that are looked at, the newest. */
const LOOKED_AT = 2_000;
/** The same where their payloads are. */
const PAYLOADS_LOOKED_AT = 200;
const MAX_SUGGESTIONS = 50;

const FIELDS = {
  JOB: 'Full names of jobs, by any part of them.',
  LABEL_KEY: 'Names of labels.',
  LABEL_VALUE: 'Values of the label that `key` names.',
  ENTITY_TYPE: 'Types of entities.',
  CREATED_BY: 'Identities that have submitted tasks.',
  ERROR_CODE: 'Codes of errors.',
  PAYLOAD_PATH: 'JSON Pointers to values in payloads.',
} as const;
type Field = keyof typeof FIELDS;

const SuggestFieldEnum = builder.enumType('SuggestField', {
  description: 'Kind of the values to suggest.',
  values: Object.fromEntries(
    Object.entries(FIELDS).map(([name, description]) => [name, { description }]),
  ) as {
    [Name in Field]: { description: string };
  },
});

const given = z.object({
  key: text(1, 128).nullish(),
  prefix: text(0, 128),
  first: z.int().min(1).max(MAX_SUGGESTIONS),
});

builder.queryField('suggest', (t) =>
  t.stringList({
    description: `Values that tasks and jobs of the room have, for a search box: the most frequent first, of the newest ${LOOKED_AT.toLocaleString('en')} tasks that the caller may see (${PAYLOADS_LOOKED_AT} for PAYLOAD_PATH). Without a room: all that it may see.`,
    args: {
      room: t.arg.string(),
      field: t.arg({ type: SuggestFieldEnum, required: true, description: 'Kind of the values to suggest.' }),
      key: t.arg.string({ description: 'Of LABEL_VALUE: the label.' }),
      prefix: t.arg.string({
        required: true,
        description: 'The beginning of the value, ignoring case; 128 characters at most.',
      }),
      first: t.arg.int({
        required: true,
        defaultValue: 10,
        description: `Suggestions, ${MAX_SUGGESTIONS} at most.`,
      }),
    },
    complexity: { field: 20, multiplier: 1 },
    resolve: async (_root, { room, field, ...args }, context) => {
      const { key, prefix, first } = parseInput(given, args, []);
      if (field === 'LABEL_VALUE' && key == null) {
        throw new InvalidInput([{ path: ['key'], message: 'must name the label whose values are wanted' }]);
      }
      const scope = await scopeOf(context, room);
      if (field === 'JOB')
        return context.services.store.suggestJobs(roomsWanted(context, room), prefix, first);
      const [column, valuesOf] = COLLECTED[field as Exclude<Field, 'JOB'>];
      const limit = column === 'payload' ? PAYLOADS_LOOKED_AT : LOOKED_AT;
      const rows = await context.services.store.sampleTasks(scope, column, limit);
      const values = rows.flatMap((row) => valuesOf(row[column] as never, key ?? ''));
      return mostFrequent(values, prefix, first);
    },
  }),
);

/** What is collected: the column, and the values that one task has in it. */
const COLLECTED: Record<Exclude<Field, 'JOB'>, [Sampled, (value: never, key: string) => string[]]> = {
  LABEL_KEY: ['labels', (labels: Record<string, string>) => Object.keys(labels)],
  LABEL_VALUE: [
    'labels',
    (labels: Record<string, string>, key) => (Object.hasOwn(labels, key) ? [present(labels[key])] : []),
  ],
  ENTITY_TYPE: ['entityType', (type: string | null) => (type === null ? [] : [type])],
  CREATED_BY: ['createdBy', (identity: string) => [identity]],
  ERROR_CODE: ['errorCode', (code: string | null) => (code === null ? [] : [code])],
  PAYLOAD_PATH: ['payload', (payload: unknown) => pathsOf(payload)],
};
