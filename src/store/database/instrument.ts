/** Wraps every statement of a database so that metrics and tracing can observe it. */
import type { SqlDriverAdapter, SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { Database, DatabaseSession } from './database.ts';

/** One statement on its way. */
export interface StatementUnderWay {
  /** What it does, of a bounded set: `submit`, `claim`, …, or `prisma` for what Prisma reads. */
  verb: string;
  /** How many items it is sent with; undefined where it takes no list of them. */
  items?: number | undefined;
}

/** Runs the statement, with something before and after it. Must give what it gives, and reject as it rejects. */
export type InstrumentStatement = <T>(statement: StatementUnderWay, run: () => Promise<T>) => Promise<T>;

/** The same database, with every statement of it in between. Scripts, as migrations are, go as they are. */
export function instrumentStatements(database: Database, instrument: InstrumentStatement): Database {
  return {
    ...database,
    ...instrumentSession(database, instrument),
    transaction: (work) => database.transaction((session) => work(instrumentSession(session, instrument))),
    session: (work) => database.session((session) => work(instrumentSession(session, instrument))),
    prismaAdapter: instrumentPrisma(database.prismaAdapter, instrument),
  };
}

function instrumentSession(session: DatabaseSession, instrument: InstrumentStatement): DatabaseSession {
  return {
    query: <Row>(statement: Parameters<DatabaseSession['query']>[0], parameters: readonly unknown[] = []) => {
      const [first] = parameters;
      const items = Array.isArray(first) ? first.length : undefined;
      return instrument({ verb: verbOf(statement.name), items }, () =>
        session.query<Row>(statement, parameters),
      );
    },
    script: (text) => session.script(text),
  };
}

/** Names of statements end in a digest of their text, see rows.ts. */
function verbOf(name: string): string {
  return name.replace(/_[0-9a-f]{12}$/, '');
}

function instrumentPrisma(
  factory: SqlDriverAdapterFactory,
  instrument: InstrumentStatement,
): SqlDriverAdapterFactory {
  const statement = { verb: 'prisma' };
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const adapter = await factory.connect();
      return new Proxy<SqlDriverAdapter>(adapter, {
        get(target, property) {
          const value = Reflect.get(target, property, target);
          if (typeof value !== 'function') return value;
          if (property !== 'queryRaw' && property !== 'executeRaw') return value.bind(target);
          return (query: unknown) => instrument(statement, () => value.call(target, query));
        },
      });
    },
  };
}
