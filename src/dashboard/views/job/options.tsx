/** What can be said of a submission beside its payload. */
import { Field, Input, Select } from '../../design/field.tsx';
import type { SubmitTaskInput } from '../../generated/graphql.ts';
import type { JobDetails } from './job.ts';
import styles from './run.module.css';

/** What another submission with the same key does. */
const HOLDS = {
  FOREVER: 'Gives this task, always',
  UNTIL_FINISHED: 'Gives this task until it has ended',
  SECONDS: 'Gives this task for some seconds',
  DEBOUNCE: 'Delays this task, which takes its payload',
} as const;

export interface OptionValues {
  room: string;
  priority: string;
  runAt: string;
  key: string;
  hold: keyof typeof HOLDS;
  holdSeconds: string;
  limitKey: string;
  correlation: string;
}

export interface OptionsProps {
  job: JobDetails;
  values: OptionValues;
  set(name: keyof OptionValues): (event: { target: { value: string } }) => void;
  isRoomFixed: boolean;
}

export function Options({ job, values, set, isRoomFixed }: OptionsProps) {
  return (
    <fieldset className={styles.options}>
      <legend>Submission</legend>
      <Field label="Room">
        {(ids) => <Input {...ids} value={values.room} readOnly={isRoomFixed} onChange={set('room')} />}
      </Field>
      <Field label="Priority" hint="Higher first; 0 when left out.">
        {(ids) => <Input {...ids} inputMode="numeric" value={values.priority} onChange={set('priority')} />}
      </Field>
      <Field label="Not before" hint="Local time; now when left out.">
        {(ids) => <Input {...ids} type="datetime-local" value={values.runAt} onChange={set('runAt')} />}
      </Field>
      <Field label="Correlation">
        {(ids) => <Input {...ids} value={values.correlation} onChange={set('correlation')} />}
      </Field>
      {takesLimitKey(job) && (
        <Field label="Limit key" hint="What limits and turns by key count it as.">
          {(ids) => <Input {...ids} maxLength={256} value={values.limitKey} onChange={set('limitKey')} />}
        </Field>
      )}
      <Field label="Idempotency key" hint="So that it is not submitted twice.">
        {(ids) => <Input {...ids} maxLength={256} value={values.key} onChange={set('key')} />}
      </Field>
      {values.key !== '' && <Hold values={values} set={set} />}
    </fieldset>
  );
}

function Hold({ values, set }: Pick<OptionsProps, 'values' | 'set'>) {
  return (
    <>
      <Field label="The same key again">
        {(ids) => (
          <Select {...ids} value={values.hold} onChange={set('hold')}>
            {Object.entries(HOLDS).map(([name, text]) => (
              <option key={name} value={name}>
                {text}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {(values.hold === 'SECONDS' || values.hold === 'DEBOUNCE') && (
        <Field
          label="Seconds"
          hint={values.hold === 'DEBOUNCE' ? 'It runs so long after the last of them.' : undefined}
        >
          {(ids) => (
            <Input {...ids} type="number" min={1} value={values.holdSeconds} onChange={set('holdSeconds')} />
          )}
        </Field>
      )}
    </>
  );
}

/** Something of the job goes by a key that is not in the payload. */
const takesLimitKey = ({ limits, fairness, fairnessKeyPointer }: JobDetails) =>
  limits.some(({ scope, keyPointer }) => scope === 'KEY' && keyPointer === null) ||
  (fairness === 'KEY' && fairnessKeyPointer === null);

/** What is left out is not in it. */
export function optionsInput(values: OptionValues): Omit<SubmitTaskInput, 'job' | 'room'> {
  const { priority, runAt, key, hold, limitKey, correlation } = values;
  const seconds = Number(values.holdSeconds);
  return {
    ...(priority.trim() !== '' && { priority: Number(priority) }),
    ...(runAt !== '' && { runAt: new Date(runAt).toISOString() }),
    ...(key !== '' && {
      idempotencyKey: key,
      ...(hold === 'UNTIL_FINISHED' && { holdKey: hold }),
      ...(hold === 'SECONDS' && { holdKeySeconds: seconds }),
      ...(hold === 'DEBOUNCE' && { debounceSeconds: seconds }),
    }),
    ...(limitKey !== '' && { limitKey }),
    ...(correlation !== '' && { correlationId: correlation }),
  };
}
