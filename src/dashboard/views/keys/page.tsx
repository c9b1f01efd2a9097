import { useState } from 'react';
import { successOf } from '../../../client/problems.ts';
import { request } from '../../api/connection.ts';
import { KeysDocument, RevokeKeyDocument } from '../../api/keys.ts';
import { reread, useRead } from '../../api/read.ts';
import { Button } from '../../design/button.tsx';
import { Dialog, DialogActions } from '../../design/dialog.tsx';
import { Field, Form, Input } from '../../design/field.tsx';
import { Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { Table } from '../../design/table.tsx';
import { wordOf } from '../../design/text.ts';
import { Time } from '../../design/time.tsx';
import { announceOutcome } from '../../frame/announce.tsx';
import { PageHead } from '../../frame/page-head.tsx';
import { isReadOnly } from '../../session/read-only.ts';
import styles from '../jobs/page.module.css';
import { CreateKey } from './create-key.tsx';

export function Page() {
  const { data, error, loading, again } = useRead('keys', KeysDocument, {});
  const [creating, setCreating] = useState(false);
  const [revoked, setRevoked] = useState<{ id: string; name: string }>();
  const keys = data?.apiKeys.nodes ?? [];
  return (
    <div className={styles.page}>
      <PageHead title="Keys" aside="Credentials that were given out">
        {!isReadOnly && (
          <Button kind="primary" onClick={() => setCreating(true)}>
            Create a key
          </Button>
        )}
      </PageHead>
      {error !== undefined && <ErrorNote error={error} retry={again} />}
      {loading && <Loading what="the keys" />}
      {data && keys.length === 0 && (
        <Empty title="No key was given out yet">
          <p>A key lets a worker, an application or a colleague in, with a role and for some rooms.</p>
        </Empty>
      )}
      {keys.length > 0 && (
        <Table
          label="API keys"
          rows={keys}
          keyOf={({ id }) => id}
          isFaint={({ status }) => status !== 'ACTIVE'}
          columns={[
            {
              label: 'Name',
              isTitle: true,
              cell: ({ name, prefix }) => (
                <>
                  <strong>{name}</strong> <code>{prefix}…</code>
                </>
              ),
            },
            { label: 'Status', cell: ({ status }) => wordOf(status) },
            { label: 'Role', cell: ({ role }) => wordOf(role) },
            { label: 'Rooms', cell: ({ rooms }) => (rooms.includes('*') ? 'all' : rooms.join(', ')) },
            { label: 'Created', cell: ({ createdAt }) => <Time at={createdAt} /> },
            {
              label: 'Last used',
              cell: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} /> : 'never'),
            },
            { label: 'Expires', cell: ({ expiresAt }) => (expiresAt ? <Time at={expiresAt} /> : 'never') },
            {
              label: 'Revoke',
              hideLabel: true,
              cell: ({ id, name, status }) =>
                status === 'ACTIVE' &&
                !isReadOnly && (
                  <Button kind="quiet" onClick={() => setRevoked({ id, name })}>
                    Revoke
                  </Button>
                ),
            },
          ]}
        />
      )}
      {creating && <CreateKey close={() => setCreating(false)} />}
      {revoked && <RevokeKey {...revoked} close={() => setRevoked(undefined)} />}
    </div>
  );
}

function RevokeKey({ id, name, close }: { id: string; name: string; close(): void }) {
  const [typed, setTyped] = useState('');
  async function revoke() {
    if (typed !== name) return;
    await announceOutcome(async () => {
      const { revokeApiKey } = await request(RevokeKeyDocument, { id });
      successOf(revokeApiKey, 'RevokeApiKeySuccess');
      return `Revoked ${name}.`;
    });
    reread('keys');
    close();
  }
  return (
    <Dialog title={`Revoke ${name}?`} onClose={close}>
      <p>Every server refuses it at once, and closes what it has opened. This cannot be undone.</p>
      <Form onSubmit={() => void revoke()}>
        <Field label="Its name, to be sure">
          {(ids) => (
            <Input {...ids} autoFocus value={typed} onChange={({ target }) => setTyped(target.value)} />
          )}
        </Field>
        <DialogActions>
          <Button onClick={close}>Leave it</Button>
          <Button kind="danger" type="submit" because={typed === name ? undefined : 'Type its name first'}>
            Revoke
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
