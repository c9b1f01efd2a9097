/** The addresses of the dashboard. The server sends the page for their first segments: see server/http/dashboard.ts. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouteComponent,
} from '@tanstack/react-router';
import { ErrorNote } from '../design/note.tsx';
import { Layout } from './layout.tsx';
import { NotFound } from './not-found.tsx';
import { parseSearch, stringifySearch } from './search.ts';

const root = createRootRoute({ component: Layout, notFoundComponent: NotFound });

function page(path: string, load: () => Promise<{ Page: RouteComponent }>) {
  return createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(load, 'Page'),
  });
}

const routes = [
  page('/', () => import('../views/overview/page.tsx')),
  page('/tasks', () => import('../views/tasks/page.tsx')),
  page('/tasks/$taskId', () => import('../views/task/page.tsx')),
  page('/dead-letters', () => import('../views/dead-letters/page.tsx')),
  page('/workers', () => import('../views/workers/page.tsx')),
  page('/workers/$workerId', () => import('../views/worker/page.tsx')),
  page('/schedules', () => import('../views/schedules/page.tsx')),
  page('/schedules/$scheduleId', () => import('../views/schedule/page.tsx')),
  page('/operations', () => import('../views/operations/page.tsx')),
  page('/operations/runs/$runId', () => import('../views/operation-run/page.tsx')),
  page('/webhooks', () => import('../views/webhooks/page.tsx')),
  page('/webhooks/$webhookId', () => import('../views/webhook/page.tsx')),
  page('/bulk/$runId', () => import('../views/bulk/page.tsx')),
  page('/events', () => import('../views/events/page.tsx')),
  page('/keys', () => import('../views/keys/page.tsx')),
  page('/jobs', () => import('../views/jobs/page.tsx')),
  page('/jobs/$fullName', () => import('../views/job/page.tsx')),
];

export const router = createRouter({
  routeTree: root.addChildren(routes),
  parseSearch: (text) => parseSearch(text) as Record<string, string>,
  stringifySearch: (search) => stringifySearch(search as Record<string, string>),
  defaultErrorComponent: ({ error, reset }) => <ErrorNote error={error} retry={reset} />,
  defaultPreload: 'intent',
  scrollRestoration: true,
});
