import { useState } from 'react';
import { successOf } from '../../../client/problems.ts';
import { request } from '../../api/connection.ts';
import { reread } from '../../api/read.ts';
import { CreateWebhookDocument } from '../../api/webhooks.ts';
import { Button } from '../../design/button.tsx';
import { Snippet } from '../../design/copy.tsx';
import { Dialog, DialogActions } from '../../design/dialog.tsx';
import { Check, Field, Form, Input, Select } from '../../design/field.tsx';
import { ErrorNote } from '../../design/note.tsx';
import { wordOf } from '../../design/text.ts';
import type { EventSeverity, EventType } from '../../generated/graphql.ts';
import { WEBHOOK_KEYS } from './actions.ts';
import styles from './create-webhook.module.css';
import { SELECTABLE_EVENT_TYPES } from './event-types.ts';

const SEVERITIES: EventSeverity[] = ['INFO', 'WARNING', 'ERROR'];

/** A new webhook, whose secret is shown once. */
export function CreateWebhook({ close }: { close(): void }) {
  const [url, setUrl] = useState('https://');
  const [description, setDescription] = useState('');
  const [room, setRoom] = useState('');
  const [minSeverity, setMinSeverity] = useState<EventSeverity>('INFO');
  const [types, setTypes] = useState<ReadonlySet<EventType>>(new Set());
  const [secret, setSecret] = useState<string>();
  const [error, setError] = useState<unknown>();
  async function create() {
    setError(undefined);
    try {
      const { createWebhook } = await request(CreateWebhookDocument, {
        input: {
          url: url.trim(),
          description: description.trim() || undefined,
          types: [...types],
          minSeverity,
          room: room.trim() || undefined,
        },
      });
      setSecret(successOf(createWebhook, 'CreateWebhookSuccess').secret);
      for (const key of WEBHOOK_KEYS) reread(key);
    } catch (refused) {
      setError(refused);
    }
  }
  if (secret !== undefined) return <SecretDialog secret={secret} close={close} />;
  const toggle = (type: EventType) => {
    const next = new Set(types);
    if (!next.delete(type)) next.add(type);
    setTypes(next);
  };
  return (
    <Dialog title="Create a webhook" onClose={close} wide>
      <Form onSubmit={() => void create()}>
        <Field label="Address" hint="Gets a signed POST for each event.">
          {(ids) => (
            <Input
              {...ids}
              type="url"
              autoFocus
              value={url}
              onChange={({ target }) => setUrl(target.value)}
            />
          )}
        </Field>
        <Field label="Description" hint="For people: who listens.">
          {(ids) => (
            <Input {...ids} value={description} onChange={({ target }) => setDescription(target.value)} />
          )}
        </Field>
        <div className={styles.pair}>
          <Field label="Room" hint="Empty for all.">
            {(ids) => <Input {...ids} value={room} onChange={({ target }) => setRoom(target.value)} />}
          </Field>
          <SeverityField value={minSeverity} change={setMinSeverity} />
        </div>
        <fieldset className={styles.types}>
          <legend>Events: none chosen means every type</legend>
          {SELECTABLE_EVENT_TYPES.map((type) => (
            <Check key={type} label={wordOf(type)} checked={types.has(type)} onChange={() => toggle(type)} />
          ))}
        </fieldset>
        {error !== undefined && <ErrorNote error={error} />}
        <DialogActions>
          <Button onClick={close}>Leave it</Button>
          <Button kind="primary" type="submit">
            Create
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}

function SeverityField({ value, change }: { value: EventSeverity; change(value: EventSeverity): void }) {
  return (
    <Field label="Severity">
      {(ids) => (
        <Select {...ids} value={value} onChange={({ target }) => change(target.value as EventSeverity)}>
          {SEVERITIES.map((known) => (
            <option key={known} value={known}>
              {known === 'INFO' ? 'Every one' : `${wordOf(known)} and worse`}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

export function SecretDialog({ secret, close }: { secret: string; close(): void }) {
  return (
    <Dialog title="The secret of the webhook">
      <p>
        It signs every delivery, so that whoever gets one can check where it comes from. It is shown now and
        never again.
      </p>
      <Snippet code={secret} what="the secret" />
      <DialogActions>
        <Button kind="primary" onClick={close}>
          I have it
        </Button>
      </DialogActions>
    </Dialog>
  );
}
