import { Link } from '../../frame/link.tsx';

/** Where the page of a thing is, by how its id begins. */
const PAGES: Record<string, (id: string) => string> = {
  task: (id) => `/tasks/${id}`,
  worker: (id) => `/workers/${id}`,
  schedule: (id) => `/schedules/${id}`,
  webhook: (id) => `/webhooks/${id}`,
  run: (id) => `/operations/runs/${id}`,
  bulk: (id) => `/bulk/${id}`,
  key: () => '/keys',
};

/** What an event is about, as a link where it has a page. */
export function Subject({ id }: { id: string | null | undefined }) {
  if (!id) return null;
  const page = PAGES[id.slice(0, id.indexOf('_'))];
  return page ? <Link to={page(id)}>{id}</Link> : <code>{id}</code>;
}
