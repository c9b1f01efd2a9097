/** SavedView, and the query savedViews. */

import { z } from 'zod';
import { canEditView, jobRoomsOf } from '../../domain/access.ts';
import type { SavedView as PrismaView } from '../../generated/prisma/client.ts';
import type { ViewRow } from '../../store/views/saved-views.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { parseInput, text } from '../input.ts';

export const SavedViewType = builder.prismaNode('SavedView', {
  description: 'A page of the dashboard, or of another front end, with its filters, under a name.',
  id: { field: 'id' },
  authScopes: { authenticated: true },
  fields: (t) => ({
    name: t.exposeString('name'),
    path: t.exposeString('path', { description: 'Path of the page, such as /tasks.' }),
    search: t.exposeString('search', {
      description: 'Its filters, as the query of a URL, without the question mark.',
    }),
    shared: t.exposeBoolean('shared', {
      description: 'Whether others see it: those who belong to its room, or everybody where it has none.',
    }),
    owner: t.exposeString('owner', { description: 'The identity that saved it.' }),
    room: t.exposeString('room', {
      nullable: true,
      description: 'The room that it is about; null for none, or all.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
    viewerCanEdit: t.boolean({
      description: 'Whether the caller may change and delete it: its owner, and an ADMIN.',
      resolve: (view, _args, context) => canEditView(viewerOf(context), view),
    }),
  }),
});

/** The row of a hand-written statement has the shape that Prisma reads. */
export function asView(row: ViewRow): PrismaView {
  return row;
}

/** How a page is written. */
export const pagePath = () => text(1, 200).regex(/^\/[^?#\s]*$/, 'must be a path, as /tasks');

builder.queryField('savedViews', (t) =>
  t.field({
    type: [SavedViewType],
    description:
      'The saved views of the caller, and those that others share with its rooms or with everybody, by name; 500 at most.',
    args: { path: t.arg.string({ description: 'Only of this page.' }) },
    complexity: { field: 1, multiplier: 20 },
    resolve: async (_root, args, context) => {
      const viewer = viewerOf(context);
      const { path } = parseInput(z.object({ path: pagePath().nullish() }), args, []);
      const views = await context.services.store.listViews(viewer.id, jobRoomsOf(viewer), path ?? null);
      return views.map(asView);
    },
  }),
);
