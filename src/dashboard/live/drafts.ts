/**
 * What somebody has typed and not sent. When the same person goes on with other rights the page is built anew, so that
 * nothing stays on it that they may not see any more; what they have typed comes back. Nobody else ever gets it.
 */
import { useEffect, useState } from 'react';
import { rightsOf, session, type Viewer } from '../session/session.ts';

interface Draft {
  value: unknown;
  owner: string;
}

const drafts = new Map<string, Draft>();

const viewerNow = (): Viewer | undefined => {
  const now = session.get();
  return 'viewer' in now ? now.viewer : undefined;
};

let owner = viewerNow()?.id;
// Somebody signs out, or somebody else signs in.
session.subscribe(() => {
  const next = viewerNow()?.id;
  if (next !== owner) drafts.clear();
  owner = next;
});

/**
 * As useState, for what is typed.
 * @param name of the field on its page; undefined: it is not kept
 */
export function useDraft<T>(name: string | undefined, initial: () => T): [T, (next: T) => void] {
  const [rights] = useState(() => rightsNow());
  const [value, setValue] = useState<T>(() => {
    const draft = name === undefined ? undefined : drafts.get(name);
    return draft && draft.owner === viewerNow()?.id ? (draft.value as T) : initial();
  });
  useEffect(
    () => () => {
      // Left by the person itself, not because of the rights: the next time it begins anew.
      if (name !== undefined && rightsNow() === rights) drafts.delete(name);
    },
    [name, rights],
  );
  const set = (next: T) => {
    setValue(next);
    const viewer = viewerNow();
    if (name !== undefined && viewer) drafts.set(name, { value: next, owner: viewer.id });
  };
  return [value, set];
}

function rightsNow(): string | undefined {
  const viewer = viewerNow();
  return viewer && rightsOf(viewer);
}
