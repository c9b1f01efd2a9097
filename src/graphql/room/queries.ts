/** rooms: which there are, and what is in them. */
import DataLoader from 'dataloader';
import { canSeeWorkers, EVERY_ROOM, roomsOf, seesWholeRoom, type Viewer } from '../../domain/access.ts';
import { InvalidInput } from '../../domain/problems.ts';
import type { StatusCounts } from '../../domain/statistics.ts';
import { isStorable } from '../../domain/storable.ts';
import type { RoomContents } from '../../store/rooms/rooms.ts';
import type { Store } from '../../store/store.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { pageComplexity, resolvePage } from '../paging.ts';
import { TaskCountsType } from '../statistics/type.ts';

interface Room {
  name: string;
  page: Page;
}

/** What the rooms of a page share: each read is one statement for all of them. */
interface Page {
  viewer: Viewer;
  contents: DataLoader<string, RoomContents>;
  counts: DataLoader<string, StatusCounts>;
}

const isSeenWhole = ({ name, page }: Room) => seesWholeRoom(page.viewer, name);

const RoomType = builder.objectRef<Room>('Room').implement({
  description: 'A scope for work and access. It exists as soon as a job or a task names it.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description: '@global is the room whose jobs can be run from every room.',
    }),
    counts: t.field({
      type: TaskCountsType,
      nullable: true,
      description: 'How many tasks there are in it now; null for a USER.',
      resolve: (room) => (isSeenWhole(room) ? room.page.counts.load(room.name) : null),
    }),
    jobs: t.int({
      description: 'Jobs of the room itself that are not retired.',
      resolve: async ({ name, page }) => (await page.contents.load(name)).jobs,
    }),
    workers: t.int({
      nullable: true,
      description: 'Living workers that serve a job of the room itself; null for a USER.',
      resolve: async ({ name, page }) =>
        canSeeWorkers(page.viewer) ? (await page.contents.load(name)).workers : null,
    }),
    lastSubmittedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the newest of its tasks was submitted; null without tasks, and for a USER.',
      resolve: async (room) =>
        isSeenWhole(room) ? (await room.page.contents.load(room.name)).lastSubmittedAt : null,
    }),
  }),
});

const MAX_LENGTH = 128;

builder.queryField('rooms', (t) =>
  t.connection(
    {
      type: RoomType,
      description:
        'The rooms that the caller belongs to, by name. Where that is all rooms, those that have jobs or tasks.',
      args: { prefix: t.arg.string({ description: 'How the name begins; left out: all.' }) },
      complexity: pageComplexity,
      resolve: (_root, { prefix, ...args }, context) => {
        const viewer = viewerOf(context);
        const { store } = context.services;
        const page = pageOf(store, viewer);
        const visible = roomsOf(viewer);
        return resolvePage(
          args,
          ({ name }: Room) => name,
          async ({ after, before, limit, inverted }) => {
            const names = await store.listRooms(visible, bounded('prefix', prefix) ?? '', {
              after: bounded('after', after),
              before: bounded('before', before),
              ...{ limit, backwards: inverted },
            });
            return names.filter((name) => name !== EVERY_ROOM).map((name) => ({ name, page }));
          },
        );
      },
    },
    { name: 'RoomConnection' },
    { name: 'RoomEdge' },
  ),
);

/** @throws InvalidInput for what can be no part of a name */
function bounded(argument: string, text: string | null | undefined): string | undefined {
  if (text == null) return undefined;
  if (text.length <= MAX_LENGTH && isStorable(text)) return text;
  throw new InvalidInput([
    { path: [argument], message: `must have ${MAX_LENGTH} characters at most, none of them U+0000` },
  ]);
}

function pageOf(store: Store, viewer: Viewer): Page {
  return {
    viewer,
    contents: new DataLoader((rooms) => store.findRoomContents(rooms)),
    counts: new DataLoader((rooms) => store.countTasksOfRooms(rooms)),
  };
}
