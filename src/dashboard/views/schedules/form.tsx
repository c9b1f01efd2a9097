/** Creating or changing a schedule: when it runs in words and times, and what it starts. */
import { useState } from 'react';
import { successOf } from '../../../client/problems.ts';
import { request } from '../../api/connection.ts';
import { JobDocument } from '../../api/jobs.ts';
import { OperationsDocument } from '../../api/operations.ts';
import { reread, useRead } from '../../api/read.ts';
import { CreateScheduleDocument, type ScheduleDetail, UpdateScheduleDocument } from '../../api/schedules.ts';
import { Button } from '../../design/button.tsx';
import { Dialog, DialogActions } from '../../design/dialog.tsx';
import { Field, Input } from '../../design/field.tsx';
import { ErrorNote } from '../../design/note.tsx';
import { PayloadForm } from '../../form/payload-form.tsx';
import { announce } from '../../frame/announce.tsx';
import { useRoom } from '../../frame/search.ts';
import type { CreateScheduleInput } from '../../generated/graphql.ts';
import { SCHEDULE_KEYS } from './actions.tsx';
import styles from './form.module.css';
import { type Values, WhatFields, When } from './form-fields.tsx';

export interface ScheduleFormProps {
  /** Left out: a new one. */
  schedule?: ScheduleDetail;
  close(): void;
  saved(id: string): void;
}

export function ScheduleForm({ schedule, close, saved }: ScheduleFormProps) {
  const shown = useRoom();
  const [values, setValues] = useState<Values>({
    name: schedule?.name ?? '',
    cron: schedule?.cron ?? '0 * * * *',
    timeZone: schedule?.timeZone ?? 'UTC',
    overlap: schedule?.overlap ?? 'SKIP',
    kind: schedule?.operation ? 'operation' : 'task',
    job: schedule?.task?.job.fullName ?? '',
    room: schedule?.task?.room ?? schedule?.operation?.room ?? shown ?? '',
    operation: schedule?.operation?.operation ?? '',
  });
  const [payload, setPayload] = useState<unknown>(
    schedule?.task?.payload ?? schedule?.operation?.parameters ?? {},
  );
  const [error, setError] = useState<unknown>();
  const set = (name: keyof Values) => (event: { target: { value: string } }) =>
    setValues((now) => ({ ...now, [name]: event.target.value }));
  const operation = useRead(
    'operations',
    OperationsDocument,
    {},
    { enabled: values.kind === 'operation' },
  ).data?.operations.find(({ name }) => name === values.operation);
  const job = useRead(
    'job',
    JobDocument,
    { fullName: values.job.trim() },
    { enabled: values.kind === 'task' && values.job.split(':').length === 3 },
  ).data?.job;
  async function save(given: unknown) {
    setError(undefined);
    try {
      const input = inputOf(values, given, schedule);
      const id = schedule
        ? await update(schedule, input)
        : successOf((await request(CreateScheduleDocument, { input })).createSchedule, 'ScheduleSuccess')
            .schedule.id;
      announce(`Saved ${values.name}.`);
      for (const key of SCHEDULE_KEYS) reread(key);
      close();
      saved(id);
    } catch (refused) {
      setError(refused);
    }
  }
  return (
    <Dialog title={schedule ? `Change ${schedule.name}` : 'Create a schedule'} onClose={close} wide>
      <div className={styles.form}>
        <Field label="Name">
          {(ids) => <Input {...ids} autoFocus value={values.name} onChange={set('name')} />}
        </Field>
        <When values={values} set={set} />
        <WhatFields values={values} set={set} isNew={schedule === undefined} />
        <PayloadForm
          key={`${values.kind} ${job?.id ?? ''} ${operation?.name ?? ''}`}
          schema={values.kind === 'task' ? job?.payloadSchema : operation?.parameters}
          initial={payload}
          onChange={setPayload}
          onSubmit={(given) => void save(given)}
          error={error}
        >
          {error !== undefined && <ErrorNote error={error} />}
          <DialogActions>
            <Button onClick={close}>Leave it</Button>
            <Button kind="primary" type="submit">
              {schedule ? 'Save' : 'Create'}
            </Button>
          </DialogActions>
        </PayloadForm>
      </div>
    </Dialog>
  );
}

function inputOf(
  values: Values,
  payload: unknown,
  schedule: ScheduleDetail | undefined,
): CreateScheduleInput {
  const { name, cron, timeZone, overlap, kind } = values;
  const room = values.room.trim();
  const common = { name: name.trim(), cron: cron.trim(), timeZone, overlap };
  if (kind === 'operation') {
    const dryRun = schedule?.operation?.dryRun;
    const parameters = payload ?? {};
    const rooms = room === '' ? { allRooms: true } : { room };
    return {
      ...common,
      operation: {
        operation: values.operation.trim(),
        ...rooms,
        parameters,
        ...(dryRun !== undefined && { dryRun }),
      },
    };
  }
  // What the form does not show stays as it is.
  const { priority, labels, limitKey } = schedule?.task ?? {};
  const job = values.job.trim();
  return {
    ...common,
    task: { job, room: room || job.split(':')[0] || '', payload, priority, labels, limitKey },
  };
}

async function update(schedule: ScheduleDetail, input: CreateScheduleInput): Promise<string> {
  const { updateSchedule } = await request(UpdateScheduleDocument, {
    input: { scheduleId: schedule.id, expectedVersion: schedule.version, ...input },
  });
  return successOf(updateSchedule, 'ScheduleSuccess').schedule.id;
}
