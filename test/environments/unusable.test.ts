/** Databases that cannot be used: one sentence each, with what helps, and the ways to connect that can. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseUnavailable } from '../../src/store/database/database.ts';
import { migrate, planMigrations } from '../../src/store/database/migrate.ts';
import { openPostgres, type PostgresOptions } from '../../src/store/database/postgres.ts';
import { buildProgram, cleanUp, startProgram } from '../app/program.ts';
import type { Service } from '../chaos/services.ts';
import { createDatabase, newDatabaseName } from '../support/postgres-databases.ts';
import { environment } from './environment.ts';
import { certificate, hasPrograms, onServer, ROLE, startPgbouncer } from './services.ts';

const AUTHORITY = certificate('authority.pem');
const OTHER_AUTHORITY = certificate('other-authority.pem');
const OWN_SCHEMA = 'schema=queue';
const TLS = 'sslmode=require';

describe.runIf(hasPrograms)('a database', () => {
  const surroundings = environment();
  let empty: string;

  /** A new database, prepared by its superuser. */
  async function newDatabase(...statements: string[]): Promise<string> {
    const name = newDatabaseName();
    await createDatabase(surroundings().admin('postgres'), name);
    await onServer(surroundings().admin(name), ...statements.map((text) => text.replaceAll('$name', name)));
    return name;
  }

  const straight = (name: string, query: string) => surroundings().addresses(name, `?${query}`).directUrl;
  const pooled = (name: string, query: string) => surroundings().addresses(name, `?${query}`).url;

  /** Starts as a server does. */
  async function start(options: PostgresOptions): Promise<string> {
    const database = await openPostgres({ connectTimeoutMs: 10_000, ...options });
    try {
      await migrate(database);
      return database.schema;
    } finally {
      await database.close();
    }
  }

  /** The sentence with which the start ends. */
  async function refusal(options: PostgresOptions): Promise<string> {
    const error = await start(options).then(
      (schema) => new Error(`It was taken, in the schema ${schema}.`),
      (reason: unknown) => reason as Error,
    );
    expect(error).toBeInstanceOf(DatabaseUnavailable);
    expect(error.message).not.toContain('\n');
    return error.message;
  }

  beforeAll(async () => {
    await buildProgram();
    // Its role would be hindered by what is tried elsewhere.
    await onServer(surroundings().admin('postgres'), `ALTER ROLE ${ROLE} RESET ALL`);
    empty = await newDatabase(`CREATE SCHEMA queue AUTHORIZATION ${ROLE}`);
  });

  afterAll(cleanUp);

  it('of another encoding than UTF8 is refused', async () => {
    const admin = surroundings().admin('postgres');
    await onServer(
      admin,
      `CREATE DATABASE latin ENCODING LATIN1 LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
    );
    expect(await refusal({ url: straight('latin', TLS) })).toContain(
      'the database latin has the encoding LATIN1, which cannot hold all text. Create one with',
    );
  });

  it('that is read-only is refused', async () => {
    const name = await newDatabase('ALTER DATABASE "$name" SET default_transaction_read_only = on');
    expect(await refusal({ url: straight(name, TLS) })).toContain(`the database ${name} is read-only for`);
  });

  it('where the role may create nothing is refused, with what its owner has to run', async () => {
    expect(await refusal({ url: straight(empty, TLS) })).toContain(
      `the role ${ROLE} may not create tables in the schema public. Run as its owner: GRANT CREATE`,
    );
    expect(await refusal({ url: straight(empty, `${TLS}&schema=nowhere`) })).toContain(
      `There is no schema nowhere, and the role ${ROLE} may not create one. Run as the owner of the database: CREATE SCHEMA`,
    );
    const name = await newDatabase('CREATE SCHEMA theirs');
    expect(await refusal({ url: straight(name, `${TLS}&schema=theirs`) })).toContain(
      `The role ${ROLE} may not use the schema theirs. Run as its owner: GRANT USAGE, CREATE`,
    );
  });

  it('without any schema of the search path is refused', async () => {
    const name = await newDatabase('DROP SCHEMA public');
    expect(await refusal({ url: straight(name, TLS) })).toContain(
      'no schema of the search path ("$user", public) is there',
    );
  });

  it('whose schema has the migrations of another application is refused', async () => {
    const name = await newDatabase(
      `CREATE SCHEMA queue AUTHORIZATION ${ROLE}`,
      `SET ROLE ${ROLE}; SET search_path = queue; CREATE TABLE _prisma_migrations (
        id VARCHAR(36) PRIMARY KEY, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
        migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
        started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0);
        INSERT INTO _prisma_migrations VALUES ('1', 'x', now(), '20240101000000_init')`,
    );
    expect(await refusal({ url: straight(name, `${TLS}&${OWN_SCHEMA}`) })).toBe(
      'The schema queue has the migrations of another application (20240101000000_init). Give Signalbox a schema of its own by ?schema=signalbox in DATABASE_URL.',
    );
  });

  it('whose schema has tables of another application is refused, and left as it was', async () => {
    const name = await newDatabase(
      `CREATE SCHEMA queue AUTHORIZATION ${ROLE}`,
      `SET ROLE ${ROLE}; CREATE TABLE queue.job (id integer)`,
    );
    expect(await refusal({ url: straight(name, `${TLS}&${OWN_SCHEMA}`) })).toMatch(
      /"job" already exists\. Another application lives in the schema queue\. Give Signalbox a schema of its own/,
    );
  });

  it('that another role has migrated is used with the rights that are documented, and refused without', async () => {
    const name = await newDatabase('CREATE SCHEMA queue', `GRANT USAGE ON SCHEMA queue TO ${ROLE}`);
    const owner = `${surroundings().admin(name)}?${OWN_SCHEMA}`;
    await start({ url: owner });
    const url = straight(name, `${TLS}&${OWN_SCHEMA}`);
    expect(await refusal({ url })).toContain('permission denied');
    await onServer(owner, `GRANT SELECT ON ALL TABLES IN SCHEMA queue TO ${ROLE}`);
    expect(await refusal({ url })).toMatch(
      /may not read and write api_key, .*task_transition_id_seq.* GRANT SELECT/,
    );
    await onServer(
      owner,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA queue TO ${ROLE}`,
      `GRANT USAGE ON ALL SEQUENCES IN SCHEMA queue TO ${ROLE}`,
    );
    expect(await start({ url })).toBe('queue');
  });

  it('is used in the schema that the search path of the address names', async () => {
    expect(await start({ url: straight(empty, `${TLS}&options=-c%20search_path%3Dqueue`) })).toBe('queue');
  });

  it('is looked at without a change', async () => {
    const name = await newDatabase(`GRANT CREATE ON DATABASE "$name" TO ${ROLE}`);
    const database = await openPostgres({ url: straight(name, `${TLS}&schema=later`) });
    expect((await planMigrations(database)).length).toBeGreaterThan(10);
    expect((await planMigrations(database)).length).toBeGreaterThan(10);
    await migrate(database);
    expect(await planMigrations(database)).toEqual([]);
    await database.close();
  });

  describe('over TLS', () => {
    it('that asks for it is refused without it, and says what to add', async () => {
      expect(await refusal({ url: straight(empty, OWN_SCHEMA) })).toMatch(
        /no encryption.*add sslmode=require/,
      );
    });

    it.each([
      ['encrypts alone, as libpq does', 'sslmode=require', {}],
      ['is checked against the authority of the address', `sslmode=verify-full&sslrootcert=${AUTHORITY}`, {}],
      ['is checked against the authority of the settings', '', { caFile: AUTHORITY }],
      ['has its mode from the settings', '', { mode: 'verify-ca' as const, caFile: AUTHORITY }],
    ])('%s', async (_, query, tls) => {
      const warnings: string[] = [];
      const note = (warning: Error) => warnings.push(warning.message);
      process.on('warning', note);
      expect(await start({ url: straight(empty, `${OWN_SCHEMA}&${query}`), tls })).toBe('queue');
      await new Promise(setImmediate);
      process.off('warning', note);
      expect(warnings).toEqual([]);
    });

    it.each([
      ['verify-full', `sslmode=verify-full&sslrootcert=${OTHER_AUTHORITY}`],
      ['verify-ca', `sslmode=verify-ca&sslrootcert=${OTHER_AUTHORITY}`],
      ['require with a file of authorities', `sslmode=require&sslrootcert=${OTHER_AUTHORITY}`],
      ['the authorities of Node', 'sslmode=verify-full'],
    ])('that another authority has signed is refused by %s', async (_, query) => {
      expect(await refusal({ url: straight(empty, query) })).toContain(
        'Name the authority that signed its certificate by SIGNALBOX_DATABASE_CA_FILE',
      );
    });

    it('is refused where a file of authorities cannot be read', async () => {
      expect(await refusal({ url: straight(empty, ''), tls: { caFile: '/nowhere.pem' } })).toBe(
        'The file /nowhere.pem (SIGNALBOX_DATABASE_CA_FILE) cannot be read (ENOENT).',
      );
      expect(await refusal({ url: straight(empty, 'sslmode=on') })).toMatch(
        /sslmode=on; expected one of disable/,
      );
    });
  });

  describe('through a pooler', () => {
    let sessions: Service | undefined;
    afterEach(() => sessions?.stop());

    it('in transaction mode is refused without a way past it, and says what to set', async () => {
      expect(await refusal({ url: pooled(empty, `${TLS}&${OWN_SCHEMA}`) })).toContain(
        'a pooler in transaction mode answers there. Set SIGNALBOX_DIRECT_DATABASE_URL to',
      );
    });

    it('is refused where the way past it leads through it, too, or to another database', async () => {
      const url = pooled(empty, `${TLS}&${OWN_SCHEMA}`);
      expect(await refusal({ url, directUrl: pooled(empty, TLS) })).toContain('answers there, too.');
      expect(await refusal({ url, directUrl: straight('postgres', TLS) })).toContain(
        'it is another database',
      );
    });

    it('is told that options do not pass', async () => {
      const url = pooled(empty, `${TLS}&options=-c%20search_path%3Dqueue`);
      expect(await refusal({ url, directUrl: straight(empty, TLS) })).toContain(
        'name the schema by ?schema=',
      );
    });

    it('in session mode is used as it is', async () => {
      sessions = await startPgbouncer(surroundings().admin('postgres'), 'session');
      const url = Object.assign(new URL(straight(empty, `${TLS}&${OWN_SCHEMA}`)), {
        port: new URL(sessions.url).port,
      });
      expect(await start({ url: url.href })).toBe('queue');
    });
  });

  it('that is no PostgreSQL is named at once', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await refusal({ url: `postgres://ann@127.0.0.1:${port}/db` })).toContain('an HTTP server answers');
    expect(await refusal({ url: `postgres://ann@127.0.0.1:${port}/db?${TLS}` })).toContain(
      'HTTP server answers',
    );
    server.close();
  });

  it.each(['serve', 'migrate', 'doctor'])(
    'ends the program with its sentence, alone: %s',
    async (command) => {
      const program = await startProgram({ DATABASE_URL: straight('latin', TLS) }, undefined, [command]);
      expect(await program.exited).toEqual({ code: 1, signal: null });
      const said = command === 'doctor' ? program.stdout : program.stderr;
      expect(said).toContain('has the encoding LATIN1');
      expect(`${program.stdout}${program.stderr}`).not.toMatch(/^\s+at |Error:|node:internal|Warning/m);
      if (command !== 'doctor') expect(program.stderr.trimEnd()).not.toContain('\n');
    },
  );

  it('that can be used is found healthy by the doctor', async () => {
    const { url, directUrl } = surroundings().addresses(empty, `?${TLS}&${OWN_SCHEMA}`);
    const settings = { DATABASE_URL: url, SIGNALBOX_DIRECT_DATABASE_URL: directUrl };
    const program = await startProgram(settings, undefined, ['doctor', '--json']);
    expect(await program.exited).toEqual({ code: 0, signal: null });
    const found = JSON.parse(program.stdout) as { about: string; state: string; says: string }[];
    const about = (name: string) => found.find((finding) => finding.about === name);
    expect(about('database')).toMatchObject({
      state: 'good',
      says: expect.stringMatching(
        /^PostgreSQL \d+.*, database .* as signalbox_app, TLSv1\.3, through a pooler/,
      ),
    });
    expect(about('schema')).toEqual({ about: 'schema', state: 'good', says: 'queue is up to date' });
    // The server of the tests does not survive a crash of the machine.
    expect(about('durability')).toMatchObject({
      state: 'warning',
      says: expect.stringContaining('fsync is off'),
    });
    expect(found.map((finding) => finding.about)).toEqual([
      ...['node', 'settings', 'database', 'durability', 'clock', 'schema', 'redis', 'port'],
    ]);
  });
});
