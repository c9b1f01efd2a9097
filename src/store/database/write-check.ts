/** Whether the database takes changes: what a query alone does not show. */
import type { Database } from './database.ts';
import { instrumentStatements } from './instrument.ts';
import { outageOf } from './outage.ts';

/** `read-only`: a replica, or set so. `full`: it has refused changes for want of space, and still has none. */
export type WriteState = 'ok' | 'read-only' | 'full';

export interface WriteCheck {
  /** The database, watched for statements that are refused for want of space. */
  database: Database;
  /** Asks the database by one statement, and by a little work on its disk after it has been full. */
  check(): Promise<WriteState>;
}

export function createWriteCheck(watched: Database): WriteCheck {
  let wasFull = false;

  const database = instrumentStatements(watched, async (_statement, run) => {
    try {
      return await run();
    } catch (error) {
      wasFull ||= outageOf(error)?.reason === 'full';
      throw error;
    }
  });

  async function hasSpace(): Promise<boolean> {
    try {
      await watched.transaction(async (session) => {
        await session.script("SET LOCAL work_mem = '64kB'");
        await session.query(SPILL);
      });
      return true;
    } catch (error) {
      if (outageOf(error)?.reason === 'full') return false;
      throw error;
    }
  }

  return {
    database,
    async check() {
      const [row] = await watched.query<{ readOnly: string }>(READ_ONLY);
      if (row?.readOnly === 'on') return 'read-only';
      if (wasFull && !(await hasSpace())) return 'full';
      wasFull = false;
      return 'ok';
    },
  };
}

const READ_ONLY = {
  name: 'write_check',
  text: `SELECT current_setting('transaction_read_only') AS "readOnly"`,
};

/**
 * Sorts more than its memory holds, so that it writes 2 MB to the disk of the data and takes them away again. A row more
 * in a table would say nothing: there is nearly always a place for one.
 */
const SPILL = {
  name: 'write_check_space',
  text: `SELECT count(*) FROM (SELECT n FROM generate_series(1, 50000) n ORDER BY md5(n::text)) sorted`,
};
