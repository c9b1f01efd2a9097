/** Submissions by SQL, see the function submit_task in the migrations. */
import type { DatabaseSession } from '../database/database.ts';
import { queryOne } from '../database/query-one.ts';
import { statement } from './rows.ts';

/** The channel of NOTIFY on which they are announced: the id of the job that has a new task. */
export async function sqlSubmissionsChannel(session: DatabaseSession): Promise<string> {
  return (await queryOne<{ channel: string }>(session, CHANNEL, [])).channel;
}

// Of this schema alone: there may be others in the database.
const CHANNEL = statement(
  'sql_submissions_channel',
  "SELECT 'signalbox_submitted_' || 'task'::regclass::oid AS channel",
);
