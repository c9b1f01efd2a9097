/**
 * Running an operation: first it is counted what it would do, then exactly that is run. Whoever changes a parameter
 * counts again.
 */
import { useState } from 'react';
import { successOf } from '../../../client/problems.ts';
import { request } from '../../api/connection.ts';
import { type Operation, type OperationRunRow, RunOperationDocument } from '../../api/operations.ts';
import { Button } from '../../design/button.tsx';
import { Dialog, DialogActions } from '../../design/dialog.tsx';
import { Field, Form, Input } from '../../design/field.tsx';
import { ErrorNote } from '../../design/note.tsx';
import { PayloadForm } from '../../form/payload-form.tsx';
import { announce } from '../../frame/announce.tsx';
import { RunMetricsList } from './run-state.tsx';
import { useLiveRuns } from './use-runs.ts';

/** Seconds that the answer to a count may take; a longer one goes on, and its run is shown as it gets on. */
const WAIT_SECONDS = 10;

export function RunOperation({ operation, close }: { operation: Operation; close(): void }) {
  const [room, setRoom] = useState('');
  const [parameters, setParameters] = useState<unknown>({});
  const [counted, setCounted] = useState<{ run: OperationRunRow; of: string }>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const asked = JSON.stringify([room, parameters]);
  const live = useLiveRuns().find(({ id }) => id === counted?.run.id);
  const run = live ?? counted?.run;
  const isCounted = counted?.of === asked && run?.status === 'COMPLETED';
  async function start(dryRun: boolean) {
    setBusy(true);
    setError(undefined);
    try {
      const { runOperation } = await request(RunOperationDocument, {
        input: {
          operation: operation.name,
          room: room.trim() || undefined,
          allRooms: room.trim() === '' && !dryRun ? true : undefined,
          parameters,
          dryRun,
          waitSeconds: dryRun ? WAIT_SECONDS : 0,
        },
      });
      const success = successOf(runOperation, 'OperationRunSuccess');
      if (dryRun) setCounted({ run: success.run, of: asked });
      else {
        announce(`${operation.name} is under way.`);
        close();
      }
    } catch (refused) {
      setError(refused);
    }
    setBusy(false);
  }
  const hasParameters = Object.keys(propertiesOf(operation.parameters)).length > 0;
  const rest = (
    <>
      <Field label="Room" hint="Only what belongs to it; empty for all.">
        {(ids) => <Input {...ids} value={room} onChange={({ target }) => setRoom(target.value)} />}
      </Field>
      {error !== undefined && <ErrorNote error={error} />}
      {run && counted?.of === asked && <WhatItWouldDo run={run} schema={operation.metrics} />}
      <DialogActions>
        <Button onClick={close}>Leave it</Button>
        <Button type="submit" kind={isCounted ? 'plain' : 'primary'} disabled={busy}>
          {busy && !isCounted ? 'Counting…' : 'Count what it would do'}
        </Button>
        <Button
          kind={isCounted ? 'danger' : 'plain'}
          because={isCounted ? undefined : 'Count first what it would do'}
          disabled={busy}
          onClick={() => void start(false)}
        >
          Run what was counted
        </Button>
      </DialogActions>
    </>
  );
  return (
    <Dialog title={`Run ${operation.name}`} onClose={close} wide>
      <p>{operation.description}</p>
      {hasParameters ? (
        <PayloadForm
          schema={operation.parameters}
          initial={undefined}
          onChange={setParameters}
          onSubmit={() => void start(true)}
          error={error}
        >
          {rest}
        </PayloadForm>
      ) : (
        <Form onSubmit={() => void start(true)}>{rest}</Form>
      )}
    </Dialog>
  );
}

function WhatItWouldDo({ run, schema }: { run: OperationRunRow; schema: unknown }) {
  return (
    <section aria-live="polite">
      <h3>{run.status === 'RUNNING' ? 'Counting…' : 'It would be'}</h3>
      {run.error ? (
        <ErrorNote error={new Error(run.error)} />
      ) : (
        <RunMetricsList metrics={run.metrics} schema={schema} />
      )}
    </section>
  );
}

function propertiesOf(schema: unknown): object {
  return (schema as { properties?: object } | null)?.properties ?? {};
}
