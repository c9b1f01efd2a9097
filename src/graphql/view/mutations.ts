/** saveView and deleteView. */
import { z } from 'zod';
import { canEditView, canShareView, isInRoom } from '../../domain/access.ts';
import { Forbidden, InvalidInput, InvalidRoomId, ViewNotFound } from '../../domain/problems.ts';
import { fromTypeId } from '../../domain/typeid.ts';
import { MAX_VIEWS } from '../../store/store.ts';
import type { ViewContents, ViewRow } from '../../store/views/saved-views.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { parseInput, parseRoom, text } from '../input.ts';
import { asView, pagePath, SavedViewType } from './type.ts';
import { loadVisibleView } from './visible.ts';

const contents = z.object({
  name: text(1, 100),
  path: pagePath(),
  search: text(0, 4_000),
  shared: z.boolean(),
});

const SaveViewInput = builder.inputType('SaveViewInput', {
  description: 'A view to save; with an id, the new state of a saved view.',
  fields: (t) => ({
    id: t.id({ description: 'ID of the view to change; left out: a new view.' }),
    name: t.string({ required: true, description: '1 to 100 characters.' }),
    path: t.string({
      required: true,
      description: 'Path of the page, such as /tasks. 200 characters at most.',
    }),
    search: t.string({
      required: true,
      description: 'Its filters, as the query of a URL, without the question mark. 4,000 characters at most.',
    }),
    shared: t.boolean({
      required: true,
      defaultValue: false,
      description:
        'Whether others see it: those who belong to its room. An ADMIN may share one without a room with everybody; a USER shares none.',
    }),
    room: t.string({ description: 'The room that it is about; left out: none, or all.' }),
  }),
});

const DeleteViewInput = builder.inputType('DeleteViewInput', {
  fields: (t) => ({ id: t.id({ required: true }) }),
});

const SaveViewSuccess = builder.objectRef<{ view: ViewRow }>('SaveViewSuccess').implement({
  description: 'The view as it is saved.',
  fields: (t) => ({
    view: t.field({
      type: SavedViewType,
      description: 'The view as it is saved.',
      resolve: ({ view }) => asView(view),
    }),
  }),
});
const DeleteViewSuccess = builder.objectRef<{ id: string }>('DeleteViewSuccess').implement({
  description: 'The view was deleted.',
  fields: (t) => ({ deletedId: t.exposeID('id') }),
});

const SaveViewResult = builder.errorUnion('SaveViewResult', {
  types: [SaveViewSuccess, ViewNotFound, InvalidInput, InvalidRoomId, Forbidden],
  resolveType: () => SaveViewSuccess,
});
const DeleteViewResult = builder.errorUnion('DeleteViewResult', {
  types: [DeleteViewSuccess, ViewNotFound, Forbidden],
  resolveType: () => DeleteViewSuccess,
});

builder.mutationField('saveView', (t) =>
  t.field({
    type: SaveViewResult,
    description: `Saves a view, or changes one. A caller has ${MAX_VIEWS} at most.`,
    args: { input: t.arg({ type: SaveViewInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const present = input.id == null ? null : await loadEditable(context, input.id);
      const wanted = {
        ...parseInput(contents, input),
        room: input.room == null ? null : parseRoom(input.room),
      };
      checkRights(context, wanted);
      const { store } = context.services;
      const view = present
        ? await store.updateView(present.id, wanted)
        : await store.createView(viewerOf(context).id, wanted);
      if (view) return { view };
      if (input.id != null) throw new ViewNotFound(input.id);
      const message = `is one too many: you have ${MAX_VIEWS} views. Delete one that you do not need`;
      throw new InvalidInput([{ path: ['name'], message }]);
    },
  }),
);

builder.mutationField('deleteView', (t) =>
  t.field({
    type: DeleteViewResult,
    description: 'Deletes a saved view: its owner may, and an ADMIN.',
    args: { input: t.arg({ type: DeleteViewInput, required: true }) },
    resolve: async (_root, { input: { id } }, context) => {
      const view = await loadEditable(context, id);
      if (!(await context.services.store.deleteView(view.id))) throw new ViewNotFound(id);
      return { id };
    },
  }),
);

/** @throws ViewNotFound, Forbidden */
async function loadEditable(context: Context, id: string): Promise<ViewRow> {
  const view = await loadVisibleView(context, fromTypeId('view', id));
  if (!view) throw new ViewNotFound(id);
  if (!canEditView(viewerOf(context), view)) {
    throw new Forbidden(
      'The view is shared with you; its owner and an ADMIN may change it. Save one of your own.',
    );
  }
  return view;
}

function checkRights(context: Context, { shared, room }: ViewContents): void {
  const viewer = viewerOf(context);
  if (room !== null && !isInRoom(viewer, room)) {
    throw new Forbidden(`You cannot save a view of ${room}: it is not among the rooms of your token.`);
  }
  if (shared && !canShareView(viewer, room)) {
    throw new Forbidden(
      'You may share views of your rooms. Only an ADMIN may share with everybody, and a USER cannot share.',
    );
  }
}
