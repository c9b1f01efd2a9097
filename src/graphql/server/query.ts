/** server: what callers may know of the server that answers. */
import { builder } from '../builder.ts';
import type { RetentionDays, ServerFacts } from './facts.ts';

const SpreadingEnum = builder.enumType('Spreading', {
  description: 'How changes travel between servers.',
  values: {
    REDIS: { description: 'By Redis.' },
    POSTGRESQL: { description: 'By notifications of PostgreSQL: within a second.' },
    PROCESS: { description: 'There is one server, with the embedded database.' },
  },
});

const StorageEnum = builder.enumType('Storage', {
  description: 'Where the server keeps its data.',
  values: {
    POSTGRESQL: { description: 'PostgreSQL.' },
    EMBEDDED: { description: 'PGlite, in the process of the server.' },
  },
});

const RetentionType = builder.objectRef<RetentionDays>('Retention').implement({
  description: 'Days after which the clean-up deletes.',
  fields: (t) => ({
    completedDays: t.int({
      description: 'COMPLETED and PARTIAL tasks, from their end.',
      resolve: ({ completed }) => completed,
    }),
    failedDays: t.int({
      description: 'CANCELLED tasks, and FAILED ones that were discarded, from their end.',
      resolve: ({ failed }) => failed,
    }),
    deadLetterDays: t.int({
      description: 'FAILED tasks that nobody has retried or discarded, from their end.',
      resolve: ({ deadLetter }) => deadLetter,
    }),
    eventDays: t.int({ description: 'Entries of the audit log.', resolve: ({ event }) => event }),
  }),
});

const ServerInfoType = builder.objectRef<ServerFacts>('ServerInfo').implement({
  description: 'The server that answers.',
  fields: (t) => ({
    version: t.exposeString('version', {
      description: 'Version of Signalbox that the server runs, such as 0.1.0.',
    }),
    storage: t.field({
      type: StorageEnum,
      description: 'Where it keeps its data.',
      resolve: ({ isEmbedded }) => (isEmbedded ? ('EMBEDDED' as const) : ('POSTGRESQL' as const)),
    }),
    spreading: t.expose('spreading', {
      type: SpreadingEnum,
      description: 'How changes travel between servers.',
    }),
    categories: t.stringList({
      description: 'The categories that jobs may have; "*" for any word.',
      resolve: (_server, _args, { services: { categories } }) =>
        categories === '*' ? ['*'] : [...categories],
    }),
    retention: t.field({
      type: RetentionType,
      description: 'How long things are kept.',
      resolve: ({ retentionDays }) => retentionDays,
    }),
    workerTimeoutSeconds: t.exposeFloat('workerTimeoutSeconds', {
      description: 'Seconds without a heartbeat after which a worker counts as lost.',
    }),
    readOnly: t.exposeBoolean('dashboardIsReadOnly', {
      description:
        'Whether the dashboard hides what changes something. This protects nothing: rights follow from the role of the caller.',
    }),
    now: t.field({
      type: 'DateTime',
      description: 'Now, by the clock of the database, which all times come from.',
      resolve: (_server, _args, { services }) => services.store.readNow(),
    }),
  }),
});

builder.queryField('server', (t) =>
  t.field({
    type: ServerInfoType,
    description: 'The server that answers, and how it is set up, as far as callers may know.',
    resolve: (_root, _args, { services }) => services.server,
  }),
);
