/** Saved views: a page with its filters, under a name. */
import { successOf } from '../../../client/problems.ts';
import { request } from '../../api/connection.ts';
import { reread, useRead } from '../../api/read.ts';
import { DeleteViewDocument, type SavedView, SavedViewsDocument, SaveViewDocument } from '../../api/views.ts';
import { announce, announceOutcome } from '../../frame/announce.tsx';
import { parseSearch, type Search, stringifySearch } from '../../frame/search.ts';

const KEY = 'saved views';
/** What is of the moment and not of the view: the task that is looked at. */
const MOMENTARY = ['task', 'tab'];

/** Those of the caller and those that are shared with it, by name. */
export function useSavedViews() {
  const { data, error } = useRead(KEY, SavedViewsDocument, {}, { keep: true });
  return { views: data?.savedViews, error };
}

/** The query of an address as views keep it: without the question mark, its names in order. */
export function queryOf(search: Search): string {
  const lasting = Object.entries(search).filter(([name]) => !MOMENTARY.includes(name));
  return stringifySearch(Object.fromEntries(lasting.toSorted(([a], [b]) => (a < b ? -1 : 1)))).slice(1);
}

/** The address of a view: all that it says and nothing else of the page before. */
export function linkOfView({ path, search }: SavedView): { to: string; search: Search } {
  return { to: path, search: parseSearch(search) };
}

export interface WantedView {
  /** Left out: a new one. */
  id?: string | undefined;
  name: string;
  path: string;
  search: Search;
  shared: boolean;
}

/** @throws ProblemError */
export async function saveView({ id, name, path, search, shared }: WantedView): Promise<void> {
  const input = { id, name: name.trim(), path, search: queryOf(search), shared, room: search.room };
  const { saveView } = await request(SaveViewDocument, { input });
  const { view } = successOf(saveView, 'SaveViewSuccess');
  announce(`Saved the view ${view.name}.`);
  reread(KEY);
}

export async function deleteView({ id, name }: SavedView): Promise<void> {
  await announceOutcome(async () => {
    successOf((await request(DeleteViewDocument, { id })).deleteView, 'DeleteViewSuccess');
    return `Deleted the view ${name}.`;
  });
  reread(KEY);
}
