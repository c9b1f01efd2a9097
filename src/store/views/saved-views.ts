/** Saved views: pages of the dashboard with their filters, each under a name. */
import { newUuid } from '../../domain/typeid.ts';
import type { Database, DatabaseSession } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { RoomSet } from '../log/log.ts';

/** What a caller saves. */
export interface ViewContents {
  name: string;
  /** Of the page, as /tasks. */
  path: string;
  /** Its filters, as the query of a URL. */
  search: string;
  shared: boolean;
  /** Null: it is about no room, or all. */
  room: string | null;
}

export interface ViewRow extends ViewContents {
  /** UUIDv7. */
  id: string;
  owner: string;
  createdAt: Date;
  updatedAt: Date;
}

/** Views of one owner at most. */
export const MAX_VIEWS = 200;
/** Views of others that a caller is shown at most, the newest. */
const MAX_SHARED = 300;

/** The part of the store that is about saved views. */
export function viewVerbs(database: Database) {
  return {
    /** Those of the owner, and those that others share with the rooms (null: all), by name. */
    listViews: (owner: string, rooms: RoomSet, path: string | null): Promise<ViewRow[]> =>
      database.query(LIST, [owner, rooms, path]),
    findView: async (id: string): Promise<ViewRow | null> => {
      const [row] = await database.query<ViewRow>(FIND, [id]);
      return row ?? null;
    },
    createView: (owner: string, contents: ViewContents) => createView(database, owner, contents),
    /** Null when it is gone. */
    updateView: async (id: string, contents: ViewContents): Promise<ViewRow | null> => {
      const [row] = await database.query<ViewRow>(UPDATE, [id, ...columnsOf(contents)]);
      return row ?? null;
    },
    /** @returns whether there was one */
    deleteView: async (id: string): Promise<boolean> => (await database.query(DELETE, [id])).length > 0,
  };
}

/** Null when the owner has as many as there may be. */
async function createView(
  session: DatabaseSession,
  owner: string,
  contents: ViewContents,
): Promise<ViewRow | null> {
  const [row] = await session.query<ViewRow>(CREATE, [newUuid(), owner, ...columnsOf(contents)]);
  return row ?? null;
}

const columnsOf = ({ name, path, search, shared, room }: ViewContents) => [name, path, search, shared, room];

const COLUMNS = `id, owner, name, path, search, shared, room, created_at AS "createdAt", updated_at AS "updatedAt"`;

const LIST = statement(
  'list_views',
  `SELECT * FROM (
    (SELECT ${COLUMNS} FROM saved_view WHERE owner = $1 AND ($3::text IS NULL OR path = $3)
      ORDER BY id DESC LIMIT ${MAX_VIEWS})
    UNION ALL
    (SELECT ${COLUMNS} FROM saved_view WHERE shared AND owner <> $1 AND ($3::text IS NULL OR path = $3)
      AND ($2::text[] IS NULL OR room IS NULL OR room = ANY($2::text[]))
      ORDER BY id DESC LIMIT ${MAX_SHARED})
  ) views ORDER BY name, id`,
);

const FIND = statement('find_view', `SELECT ${COLUMNS} FROM saved_view WHERE id = $1::uuid`);

const CREATE = statement(
  'create_view',
  `INSERT INTO saved_view (id, owner, name, path, search, shared, room)
  SELECT $1::uuid, $2::text, $3, $4, $5, $6, $7
  WHERE (SELECT count(*) FROM saved_view WHERE owner = $2::text) < ${MAX_VIEWS} RETURNING ${COLUMNS}`,
);

const UPDATE = statement(
  'update_view',
  `UPDATE saved_view SET name = $2, path = $3, search = $4, shared = $5, room = $6,
    updated_at = CASE WHEN (name, path, search, shared, room) IS NOT DISTINCT FROM ($2, $3, $4, $5::bool, $6)
      THEN updated_at ELSE now() END
  WHERE id = $1::uuid RETURNING ${COLUMNS}`,
);

const DELETE = statement('delete_view', 'DELETE FROM saved_view WHERE id = $1::uuid RETURNING id');
