/** The schema that everything lives in, and what the role may do there. */
import { escapeIdentifier } from 'pg';
import { type DatabaseSession, DatabaseUnavailable } from './database.ts';
import { queryOne } from './query-one.ts';

interface SchemaRights {
  role: string;
  /** Whether the schema is there. */
  exists: boolean;
  /** Whether what is in it may be used. */
  usage: boolean;
  /** Whether tables may be created in it. */
  create: boolean;
  /** Whether schemas may be created in the database. */
  createSchemas: boolean;
}

const RIGHTS = {
  name: 'schema_rights',
  text: `SELECT current_user AS role, n.oid IS NOT NULL AS exists,
      COALESCE(has_schema_privilege(n.oid, 'USAGE'), false) AS usage,
      COALESCE(has_schema_privilege(n.oid, 'CREATE'), false) AS create,
      has_database_privilege(current_database(), 'CREATE') AS "createSchemas"
    FROM (SELECT $1::text AS name) wanted LEFT JOIN pg_namespace n ON n.nspname = wanted.name`,
};

async function readRights(session: DatabaseSession, schema: string): Promise<SchemaRights> {
  return queryOne<SchemaRights>(session, RIGHTS, [schema]);
}

/**
 * Looks whether the schema is there.
 * @throws DatabaseUnavailable when the role may not use what is in it
 */
export async function hasSchema(session: DatabaseSession, schema: string): Promise<boolean> {
  const { role, exists, usage } = await readRights(session, schema);
  if (!exists || usage) return exists;
  throw new DatabaseUnavailable(
    `The role ${role} may not use the schema ${schema}. Run as its owner: GRANT USAGE, CREATE ON SCHEMA ${escapeIdentifier(schema)} TO ${escapeIdentifier(role)}`,
  );
}

/** Creates the schema. @throws DatabaseUnavailable when the role may not */
export async function createSchema(session: DatabaseSession, schema: string): Promise<void> {
  await requireCreateSchema(session, schema);
  await session.script(`CREATE SCHEMA IF NOT EXISTS ${escapeIdentifier(schema)}`);
}

/**
 * Checks that the schema can be created.
 * @throws DatabaseUnavailable when the role may not
 */
export async function requireCreateSchema(session: DatabaseSession, schema: string): Promise<void> {
  const { role, createSchemas } = await readRights(session, schema);
  if (createSchemas) return;
  throw new DatabaseUnavailable(
    `There is no schema ${schema}, and the role ${role} may not create one. Run as the owner of the database: CREATE SCHEMA ${escapeIdentifier(schema)} AUTHORIZATION ${escapeIdentifier(role)}`,
  );
}

/**
 * Checks that new tables can be created in the schema.
 * @throws DatabaseUnavailable when the role may not
 */
export async function requireCreate(session: DatabaseSession, schema: string): Promise<void> {
  const { role, create } = await readRights(session, schema);
  if (create) return;
  throw new DatabaseUnavailable(
    `The database is not up to date, and the role ${role} may not create tables in the schema ${schema}. Run as its owner: GRANT CREATE ON SCHEMA ${escapeIdentifier(schema)} TO ${escapeIdentifier(role)}; or give Signalbox a schema of its own by ?schema=signalbox in DATABASE_URL; or run "signalbox migrate" by a role that may.`,
  );
}

// Sequences belong to the tables whose columns they number.
const LACKING = {
  name: 'lacking_rights',
  text: `WITH ours AS (
      SELECT c.oid, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = ANY($2::text[]) AND c.relkind IN ('r', 'p')
    )
    SELECT relname AS name FROM ours
    WHERE NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
      AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))
    UNION ALL
    SELECT c.relname FROM ours JOIN pg_depend d ON d.refobjid = ours.oid AND d.refclassid = 'pg_class'::regclass
      AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    JOIN pg_class c ON c.oid = d.objid
    WHERE CASE WHEN c.relkind = 'S' THEN NOT has_sequence_privilege(c.oid, 'USAGE') END
    ORDER BY 1`,
};

/**
 * Checks that the tables can be read and written, where another role has created them.
 * @throws DatabaseUnavailable that names what the role may not use
 */
export async function requireRights(
  session: DatabaseSession,
  schema: string,
  tables: readonly string[],
): Promise<void> {
  const lacking = await session.query<{ name: string }>(LACKING, [schema, tables]);
  if (lacking.length === 0) return;
  const { role } = await readRights(session, schema);
  const [quoted, quotedRole] = [escapeIdentifier(schema), escapeIdentifier(role)];
  throw new DatabaseUnavailable(
    `The role ${role} may not read and write ${lacking.map(({ name }) => name).join(', ')} in the schema ${schema}. Run as their owner: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${quoted} TO ${quotedRole}; GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${quoted} TO ${quotedRole}`,
  );
}
