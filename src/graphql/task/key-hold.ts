/** How long a submission takes its idempotency key: `holdKey`, `holdKeySeconds` or `debounceSeconds`. */
import { type KeyHold, MAX_DEBOUNCE_SECONDS, MAX_HOLD_SECONDS } from '../../domain/key-hold.ts';
import { InvalidInput } from '../../domain/problems.ts';
import { builder } from '../builder.ts';
import { describeValues } from '../enums.ts';

export const KeyHoldEnum = builder.enumType('KeyHold', {
  description: 'How long a task holds the idempotency key that it was submitted with.',
  values: describeValues(['FOREVER', 'UNTIL_FINISHED'] as const, {
    FOREVER: 'For as long as the task is kept.',
    UNTIL_FINISHED: 'Until the task has ended, in whatever status: at most one unfinished task has the key.',
  }),
});

/** What is read of each submission. */
export interface Holding {
  idempotencyKey?: string | null | undefined;
  holdKey?: 'FOREVER' | 'UNTIL_FINISHED' | null | undefined;
  holdKeySeconds?: number | null | undefined;
  debounceSeconds?: number | null | undefined;
  runAt?: Date | null | undefined;
  dependsOn?: readonly unknown[] | null | undefined;
}

/**
 * How long the key is taken; undefined where nothing is said.
 * @throws InvalidInput where fields do not go together
 */
export function keyHoldOf(input: Holding): KeyHold | undefined {
  const { holdKey, holdKeySeconds, debounceSeconds } = input;
  const given = (['holdKey', 'holdKeySeconds', 'debounceSeconds'] as const).filter(
    (field) => input[field] != null,
  );
  const [field, another] = given;
  if (field === undefined) return undefined;
  if (another !== undefined) throw invalid(another, `cannot be combined with ${field}`);
  if (input.idempotencyKey == null) throw invalid(field, 'needs an idempotencyKey');
  if (holdKey != null) return holdKey === 'FOREVER' ? undefined : { until: 'finished' };
  if (holdKeySeconds != null) {
    return { until: 'time', seconds: inBounds('holdKeySeconds', holdKeySeconds, MAX_HOLD_SECONDS) };
  }
  if (input.runAt != null) throw invalid('runAt', 'cannot be combined with debounceSeconds, which sets it');
  if (input.dependsOn?.length) throw invalid('dependsOn', 'cannot be combined with debounceSeconds');
  const seconds = inBounds('debounceSeconds', debounceSeconds as number, MAX_DEBOUNCE_SECONDS);
  return { until: 'claimed', debounceSeconds: seconds };
}

function inBounds(field: string, seconds: number, most: number): number {
  if (seconds >= 1 && seconds <= most) return seconds;
  throw invalid(field, `must be 1 to ${most}`);
}

const invalid = (field: string, message: string) => new InvalidInput([{ path: [field], message }]);
