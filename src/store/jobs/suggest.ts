/** Jobs whose full names have a part in common: what a search box offers. */
import { INTERNAL_ROOM } from '../../domain/rooms.ts';
import type { DatabaseSession } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { RoomSet } from '../log/log.ts';

/** Full names of jobs of the rooms (null: all) that are not retired; first those that begin so. */
export async function suggestJobs(
  session: DatabaseSession,
  rooms: RoomSet,
  part: string,
  limit: number,
): Promise<string[]> {
  const rows = await session.query<{ name: string }>(SUGGEST, [rooms, part, limit]);
  return rows.map(({ name }) => name);
}

const SUGGEST = statement(
  'suggest_jobs',
  `SELECT full_name AS name FROM job
  WHERE retired_at IS NULL AND room <> '${INTERNAL_ROOM}' AND ($1::text[] IS NULL OR room = ANY($1::text[]))
    AND strpos(lower(full_name), lower($2::text)) > 0
  ORDER BY strpos(lower(full_name), lower($2::text)) > 1, full_name LIMIT $3::int`,
);
