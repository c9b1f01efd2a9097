/** Changing a job by hand: its description, retries, timeout, limits and turns. */
import { useState } from 'react';
import { successOf } from '../../../client/problems.ts';
import { request } from '../../api/connection.ts';
import { UpdateJobDocument } from '../../api/jobs.ts';
import { reread } from '../../api/read.ts';
import { Button } from '../../design/button.tsx';
import { Field, Form, Input, Select } from '../../design/field.tsx';
import { ErrorNote } from '../../design/note.tsx';
import { announce } from '../../frame/announce.tsx';
import type { Fairness } from '../../generated/graphql.ts';
import { useDraft } from '../../live/drafts.ts';
import type { JobDetails } from './job.ts';
import { Limits } from './limits.tsx';
import styles from './settings.module.css';
import { changedSettings, isListOfSeconds, type SettingsValues, settingsOf } from './settings-values.ts';

const TURNS: Record<Fairness, string> = {
  NONE: 'No turns: the oldest is next',
  ROOM: 'Rooms take turns',
  KEY: 'Keys take turns',
};

export function JobSettings({ job }: { job: JobDetails }) {
  const [values, setValues] = useDraft(`settings ${job.fullName}`, () => settingsOf(job));
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const input = changedSettings(job, values);
  const set = (name: keyof SettingsValues) => (event: { target: { value: string } }) =>
    setValues({ ...values, [name]: event.target.value });
  const isList = isListOfSeconds(values.backoffSeconds);
  const because = busy
    ? 'It is being saved'
    : input === undefined
      ? 'Nothing has changed'
      : isList
        ? undefined
        : 'The back-off is no list of seconds';
  async function save() {
    if (because !== undefined || input === undefined) return;
    setBusy(true);
    setError(undefined);
    try {
      successOf((await request(UpdateJobDocument, { input })).updateJob, 'JobSuccess');
      reread('job');
      announce(`Saved ${job.name}.`);
    } catch (refused) {
      setError(refused);
    }
    setBusy(false);
  }
  return (
    <Form onSubmit={() => void save()} className={styles.settings ?? ''}>
      <p className={styles.note}>
        A worker that registers the job with settings of its own changes them again.
      </p>
      <Attempts values={values} set={set} />
      <Limits limits={values.limits} change={(limits) => setValues({ ...values, limits })} />
      <Turns values={values} set={set} />
      {error !== undefined && <ErrorNote error={error} />}
      <div className={styles.actions}>
        <Button kind="primary" type="submit" because={because}>
          {busy ? 'Saving…' : 'Save'}
        </Button>
        {input !== undefined && <Button onClick={() => setValues(settingsOf(job))}>Undo the changes</Button>}
      </div>
    </Form>
  );
}

interface PartProps {
  values: SettingsValues;
  set(name: keyof SettingsValues): (event: { target: { value: string } }) => void;
}

/** What it is, how often it is tried, and for how long. */
function Attempts({ values, set }: PartProps) {
  return (
    <>
      <Field label="Description">
        {(ids) => (
          <Input {...ids} maxLength={2_000} value={values.description} onChange={set('description')} />
        )}
      </Field>
      <fieldset className={styles.group}>
        <legend>Attempts</legend>
        <Field label="At most" hint="Of tasks that are submitted from now on.">
          {(ids) => (
            <Input
              {...ids}
              type="number"
              min={1}
              max={100}
              value={values.maxAttempts}
              onChange={set('maxAttempts')}
            />
          )}
        </Field>
        <Field
          label="Seconds before the next"
          hint="In turn; the last one for all that follow."
          error={
            isListOfSeconds(values.backoffSeconds) ? undefined : 'Seconds with commas between: 60, 300, 900'
          }
        >
          {(ids) => <Input {...ids} value={values.backoffSeconds} onChange={set('backoffSeconds')} />}
        </Field>
        <Field label="Seconds one may run" hint="Empty: as long as it takes.">
          {(ids) => (
            <Input
              {...ids}
              type="number"
              min={1}
              value={values.timeoutSeconds}
              onChange={set('timeoutSeconds')}
            />
          )}
        </Field>
      </fieldset>
    </>
  );
}

/** What comes next among tasks of equal priority. */
function Turns({ values, set }: PartProps) {
  return (
    <fieldset className={styles.group}>
      <legend>Turns</legend>
      <Field label="Among tasks of equal priority">
        {(ids) => (
          <Select {...ids} value={values.fairness} onChange={set('fairness')}>
            {Object.entries(TURNS).map(([name, text]) => (
              <option key={name} value={name}>
                {text}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {values.fairness === 'KEY' && (
        <Field label="The key in the payload" hint="/customer/id. Empty: the limit key of the submission.">
          {(ids) => <Input {...ids} value={values.fairnessKeyPointer} onChange={set('fairnessKeyPointer')} />}
        </Field>
      )}
    </fieldset>
  );
}
