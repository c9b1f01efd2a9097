/** A real database whose statements can be counted and held back. */
import type { Database, DatabaseSession, Statement } from '../../src/store/database/database.ts';

export interface GatedDatabase {
  db: Database;
  /** The verbs of the statements sent so far, without those within transactions. */
  sent: string[];
  /** Holds statements back from now on; `open` lets them go, and all later ones through. */
  hold(): { open: () => void };
}

export function gateDatabase(database: Database): GatedDatabase {
  const sent: string[] = [];
  let gate = Promise.resolve();

  const query: DatabaseSession['query'] = async (statement: Statement, parameters) => {
    await gate;
    // A statement is named after its verb and its text.
    sent.push(statement.name.replace(/_[0-9a-f]{12}$/, ''));
    return database.query(statement, parameters);
  };

  return {
    db: { ...database, query },
    sent,
    hold() {
      let open = () => {};
      gate = new Promise((resolve) => {
        open = resolve;
      });
      return { open };
    },
  };
}
