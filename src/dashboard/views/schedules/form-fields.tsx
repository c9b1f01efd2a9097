/** The fields of a schedule: when it runs, and what it starts. */
import { JobsDocument } from '../../api/jobs.ts';
import { OperationsDocument } from '../../api/operations.ts';
import { useRead } from '../../api/read.ts';
import { Field, Input, Select } from '../../design/field.tsx';
import type { ScheduleOverlap } from '../../generated/graphql.ts';
import { useViewer } from '../../session/session.ts';
import { cronText } from './cron.tsx';
import styles from './form.module.css';

const OVERLAPS: Record<ScheduleOverlap, string> = {
  SKIP: 'Skip this one',
  QUEUE: 'Wait for its end',
  ALLOW: 'Run both',
};
const ZONES = ['UTC', Intl.DateTimeFormat().resolvedOptions().timeZone];
const ALL_ZONES = [...new Set([...ZONES, ...Intl.supportedValuesOf('timeZone')])];
const EXAMPLES = ['*/15 * * * *', '0 * * * *', '30 2 * * *', '0 9 * * 1-5', '0 0 1 * *'];

/** What is in the fields. */
export interface Values {
  name: string;
  cron: string;
  timeZone: string;
  overlap: ScheduleOverlap;
  kind: 'task' | 'operation';
  job: string;
  room: string;
  operation: string;
}

interface FieldsProps {
  values: Values;
  set(name: keyof Values): (event: { target: { value: string } }) => void;
}

export function When({ values, set }: FieldsProps) {
  const words = cronText(values.cron);
  return (
    <div className={styles.pair}>
      <Field
        label="When"
        hint={words === undefined ? undefined : `${words}.`}
        error={
          words === undefined ? 'Minute, hour, day of month, month, day of week: 30 2 * * 1-5' : undefined
        }
      >
        {(ids) => (
          <>
            <Input {...ids} list="cron-examples" value={values.cron} onChange={set('cron')} />
            <datalist id="cron-examples">
              {EXAMPLES.map((example) => (
                <option key={example} value={example} label={cronText(example)} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <Field label="Time zone">
        {(ids) => (
          <Select {...ids} value={values.timeZone} onChange={set('timeZone')}>
            {ALL_ZONES.map((zone) => (
              <option key={zone}>{zone}</option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="When the last run is not over">
        {(ids) => (
          <Select {...ids} value={values.overlap} onChange={set('overlap')}>
            {Object.entries(OVERLAPS).map(([name, text]) => (
              <option key={name} value={name}>
                {text}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  );
}

export function WhatFields({ values, set, isNew }: FieldsProps & { isNew: boolean }) {
  const { role } = useViewer();
  return (
    <div className={styles.pair}>
      {isNew && role === 'ADMIN' && (
        <Field label="Starts">
          {(ids) => (
            <Select {...ids} value={values.kind} onChange={set('kind')}>
              <option value="task">A task of a job</option>
              <option value="operation">An operation</option>
            </Select>
          )}
        </Field>
      )}
      {values.kind === 'task' ? (
        <JobField values={values} set={set} />
      ) : (
        <OperationField values={values} set={set} />
      )}
      <Field label="Room" hint={values.kind === 'task' ? 'Empty for that of the job.' : 'Empty for all.'}>
        {(ids) => <Input {...ids} value={values.room} onChange={set('room')} />}
      </Field>
    </div>
  );
}

function JobField({ values, set }: FieldsProps) {
  const { data } = useRead('jobs', JobsDocument, { room: values.room.trim() || undefined }, { keep: true });
  return (
    <Field label="Job" hint="room:category:name">
      {(ids) => (
        <>
          <Input {...ids} list="schedule-jobs" value={values.job} onChange={set('job')} />
          <datalist id="schedule-jobs">
            {data?.jobs.nodes.map(({ fullName, description }) => (
              <option key={fullName} value={fullName} label={description ?? undefined} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

function OperationField({ values, set }: FieldsProps) {
  const { data } = useRead('operations', OperationsDocument, {});
  return (
    <Field
      label="Operation"
      hint={data?.operations.find(({ name }) => name === values.operation)?.description}
    >
      {(ids) => (
        <Select {...ids} value={values.operation} onChange={set('operation')}>
          <option value="">Choose one</option>
          {data?.operations.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      )}
    </Field>
  );
}
