/** viewer: who the caller is, as the server sees it. */
import { EVERY_ROOM, type Viewer } from '../../domain/access.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { RoleEnum } from '../enums.ts';

const ViewerType = builder.objectRef<Viewer>('Viewer').implement({
  description: 'The authenticated caller.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'The subject of its token; what createdBy and actor say.' }),
    role: t.expose('role', { type: RoleEnum }),
    rooms: t.stringList({
      description: '"*" for all.',
      resolve: ({ role, rooms }) => (role === 'ADMIN' ? [EVERY_ROOM] : [...rooms]),
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerType,
    description: 'Who the caller is.',
    resolve: (_root, _args, context) => viewerOf(context),
  }),
);
