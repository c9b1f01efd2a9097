/**
 * What separates the migrations from schema.prisma, found without a database server and without Prisma's native
 * engine, which cannot be downloaded everywhere: Prisma's engine as WebAssembly replays the migrations into an
 * empty PGlite and compares.
 */
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import {
  bindMigrationAwareSqlAdapterFactory,
  DriverAdapterError,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg';
import { PrismaPGlite } from 'pglite-prisma-adapter';

const PRISMA = fileURLToPath(new URL('../prisma/', import.meta.url));
/** The directory of the migrations, in Prisma's layout. */
export const MIGRATIONS = join(PRISMA, 'migrations');
/** The file of the schema. */
export const SCHEMA = join(PRISMA, 'schema.prisma');

/**
 * The SQL that leads from what the migrations give to what the schema says; empty when they agree.
 * @param schema content of a schema.prisma
 * @param directory of migrations in Prisma's layout
 * @throws Error when a migration fails or the schema is not valid
 */
export async function diffMigrations(schema: string, directory = MIGRATIONS): Promise<string> {
  const database = await PGlite.create();
  try {
    await loadEngine();
    const schemaEngine = await engine.SchemaEngine.new(
      { datamodels: [[SCHEMA, schema]] },
      () => undefined,
      bindMigrationAwareSqlAdapterFactory(adapterFactory(database)),
    );
    const { exitCode, stdout } = await schemaEngine.diff({
      from: { tag: 'migrations', ...(await readMigrations(directory)) },
      to: { tag: 'schemaDatamodel', files: [{ path: SCHEMA, content: schema }] },
      script: true,
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    });
    return exitCode === 0 ? '' : (stdout ?? '');
  } finally {
    await database.close();
  }
}

async function readMigrations(directory: string) {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const lockfile = 'migration_lock.toml';
  return {
    baseDir: directory,
    lockfile: { path: lockfile, content: await readFile(join(directory, lockfile), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.sort().map(async (path) => {
        const value = await readFile(join(directory, path, 'migration.sql'), 'utf8');
        return { path, migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value } } };
      }),
    ),
  };
}

/** The engine replays migrations in the shadow database; the main one it only connects to. */
function adapterFactory(client: PGlite): SqlMigrationAwareDriverAdapterFactory {
  const connect = async () => {
    const adapter = await new PrismaPGlite(client).connect();
    // The package's own executeScript does not wait for the script, and loses its errors.
    adapter.executeScript = async (script) => {
      await client.exec(script).catch((error) => {
        const { code = 'N/A', severity = 'ERROR', message, detail, column, hint } = error;
        throw new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint });
      });
    };
    return adapter;
  };
  return {
    provider: 'postgres',
    adapterName: 'pglite-prisma-adapter',
    connect,
    connectToShadowDb: connect,
  };
}

let loading: Promise<void> | undefined;

/** The package expects a bundler to load its WebAssembly; Node.js has to be told. */
function loadEngine(): Promise<void> {
  loading ??= (async () => {
    const glue = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
    const bytes = await readFile(join(dirname(glue), 'schema_engine_bg.wasm'));
    const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': { ...engine } });
    engine.__wbg_set_wasm(instance.exports);
    (instance.exports['__wbindgen_start'] as () => void)();
  })();
  return loading;
}
