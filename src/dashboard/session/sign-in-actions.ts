/** Finding out what a token is worth, and leaving. */

import { postOperation } from '../../client/connection/http.ts';
import { ConnectionError, messageOf, RequestError } from '../../client/errors.ts';
import { reconnect } from '../api/connection.ts';
import { queryClient } from '../api/read.ts';
import { ViewerDocument } from '../api/viewer.ts';
import type { ViewerQuery } from '../generated/graphql.ts';
import { noteServerTime } from '../live/clock.ts';
import { enter, leave, rightsOf, session, staysSignedIn, type Viewer } from './session.ts';

/** Asks the server whose token it is. Rejects with an error that says why it is none. */
async function viewerOf(token: string): Promise<Viewer> {
  const target = {
    url: '/graphql',
    fetch: (...call: Parameters<typeof fetch>) => fetch(...call),
    token: async () => token,
  };
  const data = (await postOperation(target, { query: String(ViewerDocument) })) as ViewerQuery;
  noteServerTime(data.server.now);
  return data.viewer;
}

/** Signs in, or says in a sentence why not. */
export async function signIn(token: string, stay: boolean): Promise<string | undefined> {
  const before = session.get();
  try {
    const viewer = await viewerOf(token);
    // Somebody else, or with other rights: nothing that was read before may be seen.
    if ('viewer' in before && rightsOf(before.viewer) !== rightsOf(viewer)) forget();
    enter(token, viewer, stay);
    return undefined;
  } catch (error) {
    return sentenceOf(error);
  }
}

/** Checks the token that the page was opened with. */
export async function checkToken(token: string): Promise<void> {
  try {
    enter(token, await viewerOf(token), staysSignedIn());
  } catch (error) {
    // A token that could not be checked may be a good one: it stays for the next try.
    if (error instanceof ConnectionError) session.set({ state: 'signed out', message: sentenceOf(error) });
    else leave(sentenceOf(error));
  }
}

export function signOut(): void {
  leave();
  forget();
}

function forget(): void {
  reconnect();
  queryClient.clear();
}

function sentenceOf(error: unknown): string {
  if (error instanceof ConnectionError) return `The server cannot be reached: ${error.message}`;
  if (error instanceof RequestError) return error.message;
  return messageOf(error);
}
