/** The secret that all servers of a database share, and that stays when they are restarted. */
import type { DatabaseSession } from '../database/database.ts';
import { statement } from '../database/statement.ts';

const READ = statement('read-server-key', 'SELECT secret FROM server_key');

export async function readServerKey(session: DatabaseSession): Promise<string> {
  const [row] = await session.query<{ secret: string }>(READ, []);
  if (!row) throw new Error('The table server_key has lost its row: restore it, or insert another secret');
  return row.secret;
}
