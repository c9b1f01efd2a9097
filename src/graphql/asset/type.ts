/** Asset: a file or link that an attempt of a task has produced; and the assets of a task. */
import type { AssetRow } from '../../domain/asset.ts';
import { toTypeId } from '../../domain/typeid.ts';
import type { Asset as PrismaAsset } from '../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { pageComplexity, resolveKeyset } from '../paging.ts';
import { TaskType } from '../task/type.ts';

// Whoever got hold of one may see its task: loadNode, Task.assets and attachAsset see to it.
export const AssetType = builder.prismaNode('Asset', {
  description: 'A file or link that an attempt of a task has produced. Who may see the task may see it.',
  id: { field: 'id' },
  authScopes: { authenticated: true },
  fields: (t) => ({
    taskId: t.id({
      description: 'The task that it belongs to.',
      resolve: ({ taskId }) => toTypeId('task', taskId),
    }),
    attempt: t.exposeInt('attempt', { description: 'The attempt that produced it.' }),
    type: t.exposeString('type', {
      description: 'What it is, in the words of the application: report, image/png, …',
    }),
    url: t.string({
      nullable: true,
      description: 'Where it is. This, the storage path, or both are there.',
      resolve: ({ isUrl, location }) => (isUrl ? location : null),
    }),
    storagePath: t.string({
      nullable: true,
      description: 'Where it is in a storage that the applications share: never interpreted here.',
      resolve: ({ isUrl, location, storagePath }) => (isUrl ? storagePath : location),
    }),
    size: t.field({
      type: 'Long',
      nullable: true,
      description: 'In bytes.',
      resolve: ({ size }) => (size === null ? null : Number(size)),
    }),
    metadata: t.expose('metadata', { type: 'JSON', description: 'A JSON object.' }),
    createdBy: t.exposeString('createdBy', { description: 'The identity whose worker attached it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
});

builder.objectField(TaskType, 'assets', (t) =>
  t.connection(
    {
      type: AssetType,
      description: 'What its attempts have produced, newest first.',
      complexity: pageComplexity,
      resolve: (task, args, context) =>
        resolveKeyset('asset', 'desc', args, ({ where, ...page }) =>
          context.services.prisma.asset.findMany({ where: { ...where, taskId: task.id }, ...page }),
        ),
    },
    { name: 'AssetConnection' },
    { name: 'AssetEdge' },
  ),
);

/** The row of a hand-written statement has the shape that Prisma reads, but for the size. */
export function asAsset(row: AssetRow): PrismaAsset {
  return { ...row, size: row.size === null ? null : BigInt(row.size) } as PrismaAsset;
}
