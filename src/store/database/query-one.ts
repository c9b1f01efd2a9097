import type { DatabaseSession, Statement } from './database.ts';

/** The row of a statement that always gives one, such as a count or an INSERT. */
export async function queryOne<Row extends object>(
  session: DatabaseSession,
  statement: Statement,
  parameters?: readonly unknown[],
): Promise<Row> {
  const [row] = await session.query<Row>(statement, parameters);
  if (!row) throw new Error(`The statement ${statement.name} gave no row`);
  return row;
}
