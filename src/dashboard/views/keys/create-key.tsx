import { useState } from 'react';
import { successOf } from '../../../client/problems.ts';
import { request } from '../../api/connection.ts';
import { CreateKeyDocument } from '../../api/keys.ts';
import { reread } from '../../api/read.ts';
import { Button } from '../../design/button.tsx';
import { Snippet } from '../../design/copy.tsx';
import { Dialog, DialogActions } from '../../design/dialog.tsx';
import { Field, Form, Input, Select } from '../../design/field.tsx';
import { ErrorNote } from '../../design/note.tsx';
import { wordOf } from '../../design/text.ts';
import type { Role } from '../../generated/graphql.ts';

const ROLES: Role[] = ['USER', 'MEMBER', 'WORKER', 'ADMIN'];

/** A new key, whose secret is shown once. */
export function CreateKey({ close }: { close(): void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('WORKER');
  const [rooms, setRooms] = useState('');
  const [secret, setSecret] = useState<string>();
  const [error, setError] = useState<unknown>();
  async function create() {
    try {
      const list = rooms.split(/[\s,]+/).filter(Boolean);
      const { createApiKey } = await request(CreateKeyDocument, { input: { name, role, rooms: list } });
      setSecret(successOf(createApiKey, 'CreateApiKeySuccess').secret);
      reread('keys');
    } catch (refused) {
      setError(refused);
    }
  }
  if (secret !== undefined) {
    return (
      <Dialog title={`${name}: its secret`}>
        <p>This is the whole token. It is shown now and never again.</p>
        <Snippet code={secret} what="the secret" />
        <DialogActions>
          <Button kind="primary" onClick={close}>
            I have it
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <Dialog title="Create a key" onClose={close}>
      <Form onSubmit={() => void create()}>
        <Field label="Name" hint="For people: what it is for.">
          {(ids) => (
            <Input {...ids} autoFocus value={name} onChange={({ target }) => setName(target.value)} />
          )}
        </Field>
        <Field label="Role">
          {(ids) => (
            <Select {...ids} value={role} onChange={({ target }) => setRole(target.value as Role)}>
              {ROLES.map((known) => (
                <option key={known} value={known}>
                  {wordOf(known)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Rooms" hint="With commas between them; * for all.">
          {(ids) => <Input {...ids} value={rooms} onChange={({ target }) => setRooms(target.value)} />}
        </Field>
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
