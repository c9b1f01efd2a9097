/** The saved views of a page: one click shows one, and what is shown can be saved as one. */
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { Bookmark, Trash2, Users } from 'lucide-react';
import { useState } from 'react';
import type { SavedView } from '../../api/views.ts';
import { Button, IconButton } from '../../design/button.tsx';
import { Dialog, DialogActions } from '../../design/dialog.tsx';
import { Check, Field, Form, Input } from '../../design/field.tsx';
import { ErrorNote } from '../../design/note.tsx';
import { Popover, PopoverItem } from '../../design/popover.tsx';
import { useSearchText } from '../../frame/search.ts';
import { useViewer } from '../../session/session.ts';
import styles from './menu.module.css';
import { deleteView, linkOfView, queryOf, saveView, useSavedViews } from './views.ts';

export function SavedViews() {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const search = useSearchText();
  const navigate = useNavigate();
  const { views, error } = useSavedViews();
  const [saving, setSaving] = useState(false);
  const here = views?.filter((view) => view.path === path) ?? [];
  const shown = here.find((view) => view.search === queryOf(search));
  return (
    <>
      <Popover
        button={
          <>
            <Bookmark size={14} aria-hidden fill={shown ? 'currentColor' : 'none'} />
            <bdi className={styles.shown}>{shown?.name ?? 'Views'}</bdi>
          </>
        }
      >
        {(close) => (
          <div className={styles.menu}>
            {error !== undefined && <ErrorNote error={error} />}
            {views && here.length === 0 && <p className={styles.none}>No view of this page is saved yet.</p>}
            <ul>
              {here.map((view) => (
                <li key={view.id} className={styles.view}>
                  <PopoverItem
                    aria-pressed={view === shown}
                    onClick={() => {
                      close();
                      const { to, search } = linkOfView(view);
                      void navigate({ to, search: search as never });
                    }}
                  >
                    <bdi className={styles.name}>{view.name}</bdi>
                    {view.shared && <SharedMark view={view} />}
                  </PopoverItem>
                  {view.viewerCanEdit && (
                    <IconButton label={`Delete ${view.name}`} onClick={() => void deleteView(view)}>
                      <Trash2 size={13} aria-hidden />
                    </IconButton>
                  )}
                </li>
              ))}
            </ul>
            <Button
              because={shown && 'This is saved already'}
              onClick={() => {
                close();
                setSaving(true);
              }}
            >
              Save what is shown…
            </Button>
          </div>
        )}
      </Popover>
      {saving && <SaveDialog path={path} views={here} close={() => setSaving(false)} />}
    </>
  );
}

function SharedMark({ view: { owner, room } }: { view: SavedView }) {
  const text = `Shared by ${owner} with ${room ? `those of ${room}` : 'everybody'}`;
  return (
    <span className={styles.shared} title={text}>
      <Users size={13} aria-hidden />
      <span className="visually-hidden">{text}</span>
    </span>
  );
}

interface SaveDialogProps {
  path: string;
  /** Of the page: one of the same name is replaced. */
  views: readonly SavedView[];
  close(): void;
}

function SaveDialog({ path, views, close }: SaveDialogProps) {
  const search = useSearchText();
  const { role } = useViewer();
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const [error, setError] = useState<unknown>();
  const same = views.find((view) => view.viewerCanEdit && view.name === name.trim());
  const mayShare = role === 'ADMIN' || (role !== 'USER' && search.room !== undefined);
  async function save() {
    try {
      await saveView({ id: same?.id, name, path, search, shared });
      close();
    } catch (refused) {
      setError(refused);
    }
  }
  return (
    <Dialog title="Save what is shown" onClose={close}>
      <Form onSubmit={() => void save()}>
        <Field label="Name" hint={same ? 'There is one of this name: it is replaced.' : undefined}>
          {(ids) => (
            <Input
              {...ids}
              autoFocus
              maxLength={100}
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        {mayShare && (
          <Check
            label={search.room ? `Everybody in ${search.room} sees it` : 'Everybody sees it'}
            checked={shared}
            onChange={({ target }) => setShared(target.checked)}
          />
        )}
        {error !== undefined && <ErrorNote error={error} />}
        <DialogActions>
          <Button onClick={close}>Leave it</Button>
          <Button kind="primary" type="submit" because={name.trim() === '' ? 'It needs a name' : undefined}>
            {same ? 'Replace' : 'Save'}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
