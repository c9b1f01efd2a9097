/** Imports run one way: what each layer may import, and nothing else. */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  castsIn,
  circlesOf,
  exportedNamesOf,
  importsOf,
  processMembersOf,
  valueImportsOf,
} from './support/modules.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const BELOW_APP = [
  'async/',
  'checks/',
  'domain/',
  'store/',
  'events/',
  'maintenance/',
  'metrics/',
  'tracing/',
  'graphql/',
  'server/',
  'generated/',
];

/** Files and folders of src/ that each layer may import from, besides itself. */
const ALLOWED: Record<string, readonly string[]> = {
  'async/': [],
  'domain/': [],
  'checks/': ['async/', 'domain/'],
  'store/': ['async/', 'domain/'],
  'events/': ['async/', 'domain/', 'store/log/'],
  'maintenance/': ['domain/', 'store/', 'events/'],
  'metrics/': ['domain/', 'store/', 'maintenance/', 'server/instrument.ts'],
  'tracing/': ['domain/', 'store/', 'server/instrument.ts'],
  'graphql/': ['checks/', 'domain/', 'store/', 'events/', 'maintenance/', 'generated/'],
  'server/': ['async/', 'domain/', 'events/', 'graphql/', 'config.ts'],
  'config.ts': ['domain/', 'secret-files.ts'],
  'secret-files.ts': ['domain/'],
  'app/': [...BELOW_APP, 'config.ts'],
  'cli/': [...BELOW_APP, 'config.ts', 'app/'],
  'main.ts': [...BELOW_APP, 'config.ts', 'app/', 'cli/'],
  'mount/': [...BELOW_APP, 'config.ts', 'app/', 'client/'],
  'testing/': ['config.ts', 'app/', 'client/'],
  'client/': [],
  // A client like any other: nothing of the server's.
  'dashboard/': ['client/'],
  'generated/': [],
};

/** The same inside the layers that have rooms: what each room may import of its own layer, besides itself. */
const ROOMS: Record<string, readonly string[]> = {
  'events/transports/': ['events/logger.ts', 'events/messages/'],
  'events/messages/': ['events/logger.ts'],
  'events/publishing/': ['events/logger.ts', 'events/messages/', 'events/transports/', 'events/workers/'],
  'events/hub/': ['events/logger.ts', 'events/log-pages.ts', 'events/messages/', 'events/transports/'],
  'events/streams/': [
    'events/logger.ts',
    'events/log-pages.ts',
    'events/messages/',
    'events/transports/',
    'events/hub/',
  ],
  'events/workers/': ['events/logger.ts', 'events/messages/', 'events/transports/'],
  'server/limits/': [],
  'server/auth/': ['server/limits/window-counter.ts'],
  'server/subscriptions/': ['server/mask.ts', 'server/graphql/execution/'],
  'server/graphql/': ['server/mask.ts', 'server/instrument.ts', 'server/limits/', 'server/subscriptions/'],
  'server/websocket/': [
    ...['server/mask.ts', 'server/client-address.ts', 'server/request-id.ts', 'server/incoming-json.ts'],
    ...['server/auth/', 'server/limits/', 'server/subscriptions/', 'server/graphql/'],
  ],
  'server/http/': [
    ...['server/mask.ts', 'server/client-address.ts', 'server/request-id.ts', 'server/instrument.ts'],
    ...['server/incoming-json.ts'],
    ...['server/auth/', 'server/limits/', 'server/subscriptions/', 'server/graphql/', 'server/websocket/'],
  ],
};

/** What the layers above may take values from in the store: its port, and the two that are ports of their own. */
const STORE_DOORS = ['store/store.ts', 'store/database/', 'store/log/'];

/**
 * Names that several modules export, since they are the same thing on two sides of a border. Any other name is exported by
 * one module, so that it stands for one thing.
 */
const SHARED_NAMES: Record<string, readonly string[]> = {
  'each page of the dashboard exports one': ['Page'],
  'rows as the API gives them to the dashboard, and as the store reads them': [
    ...['DeliveryRow', 'JobRow', 'ScheduleRow', 'ScheduleRunRow', 'TaskRow', 'WebhookRow', 'WorkerRow'],
    ...['FilteredCounts', 'TaskChange', 'Viewer'],
  ],
  'what the SDK and the server know by one name': [
    'TaskEstimate',
    'TaskEvent',
    'TaskToken',
    'openTaskStream',
  ],
  'the client and the dashboard import nothing of the server': ['present'],
  'a verb of the store, and the mutation by which the dashboard calls it': [
    ...['cancelTasks', 'deleteWebhook', 'discardTasks', 'retryTasks'],
  ],
};

/** Casts in src/ at most, all but `as const`: lower it when there are fewer. Prefer a type, `present` or a check. */
const MAX_CASTS = 405;

/** What is wrong with a module of src/, one sentence each. `path` is relative to src/, with slashes. */
function violations(path: string, source: string): string[] {
  const layer = layerOf(path);
  if (layer === undefined)
    return [`src/${path} belongs to no layer: give it one in test/architecture.test.ts`];
  const allowed = [layer, ...(ALLOWED[layer] ?? [])];
  const room = Object.keys(ROOMS).find((place) => isWithin(path, place));
  const found: string[] = [];
  for (const specifier of importsOf(source)) {
    if (!specifier.startsWith('.')) continue;
    const target = posix.join(posix.dirname(path), specifier);
    // Package files beside src/, such as the version in package.json, are nobody's layer.
    if (target.endsWith('.json') && target.startsWith('../')) continue;
    const fits = (places: readonly string[]) => places.some((place) => isWithin(target, place));
    const staysInLayer = isWithin(target, layer);
    if (!fits(allowed) || (room && staysInLayer && !fits([room, ...(ROOMS[room] ?? [])]))) {
      found.push(`src/${path} imports src/${target}`);
    }
  }
  if (layer !== 'store/' && allowed.includes('store/')) {
    for (const specifier of valueImportsOf(source)) {
      const target = posix.join(posix.dirname(path), specifier);
      if (isWithin(target, 'store/') && !STORE_DOORS.some((door) => isWithin(target, door)))
        found.push(
          `src/${path} goes round src/store/store.ts: it imports more than types from src/${target}`,
        );
    }
  }
  const members = processMembersOf(source);
  // Nobody configures the SDK but the program that it is in; a proxy is the environment's by convention.
  if (members.has('env') && path !== 'config.ts' && path !== 'client/connection/proxy.ts')
    found.push(`src/${path} reads process.env`);
  // A worker that took the signals of its process ends it, too, when handlers go on for too long.
  const mayExit = path === 'main.ts' || layer === 'cli/' || path === 'client/worker/worker.ts';
  if (members.has('exit') && !mayExit) found.push(`src/${path} calls process.exit`);
  return found;
}

function layerOf(path: string): string | undefined {
  return Object.keys(ALLOWED).find((layer) => isWithin(path, layer));
}

function isWithin(path: string, place: string): boolean {
  return place.endsWith('/') ? path.startsWith(place) : path === place;
}

/** Modules below a directory of the repository, relative to it. */
function modulesBelow(directory: string): string[] {
  return readdirSync(ROOT + directory, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.[cm]?tsx?$/.test(path) && !path.split('/').includes('node_modules'));
}

/** Modules of src/ that somebody wrote: Prisma's are generated and not committed. */
function writtenModules(): string[] {
  return modulesBelow('src').filter((path) => !path.startsWith('generated/'));
}

describe('the architecture', () => {
  it('has imports that run one way only', () => {
    const modules = writtenModules();
    expect(modules).not.toHaveLength(0);
    expect(modules.flatMap((path) => violations(path, readFileSync(`${ROOT}src/${path}`, 'utf8')))).toEqual(
      [],
    );
  });

  it('has no circles of imports, of types neither', () => {
    const imports = new Map(
      writtenModules().map((path) => [
        path,
        importsOf(readFileSync(`${ROOT}src/${path}`, 'utf8'))
          .filter((specifier) => specifier.startsWith('.'))
          .map((specifier) => posix.join(posix.dirname(path), specifier)),
      ]),
    );
    expect(circlesOf(imports)).toEqual([]);
  });

  it('exports each name from one module, but for those that are the same thing on two sides', () => {
    const modulesOf = new Map<string, string[]>();
    for (const path of writtenModules()) {
      if (path.split('/').includes('generated')) continue;
      for (const name of new Set(exportedNamesOf(readFileSync(`${ROOT}src/${path}`, 'utf8'))))
        modulesOf.set(name, [...(modulesOf.get(name) ?? []), path]);
    }
    const shared = [...modulesOf].filter(([, modules]) => modules.length > 1);
    const allowed = Object.values(SHARED_NAMES).flat();
    expect(shared.filter(([name]) => !allowed.includes(name))).toEqual([]);
    // Names that are exported once by now need no exception.
    expect(allowed.filter((name) => !shared.some(([one]) => one === name))).toEqual([]);
  });

  it('has no more casts than it had', () => {
    const casts = writtenModules()
      .filter((path) => !path.split('/').includes('generated'))
      .map((path) => castsIn(path, readFileSync(`${ROOT}src/${path}`, 'utf8')));
    expect(casts.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(MAX_CASTS);
  });

  it('lets the examples see nothing but what the packages export', () => {
    const exported = ['src/client/', 'src/mount/index.ts', 'src/testing/index.ts'];
    const foreign = modulesBelow('examples').flatMap((path) =>
      importsOf(readFileSync(`${ROOT}examples/${path}`, 'utf8'))
        .map((specifier) => posix.join('examples', posix.dirname(path), specifier))
        .filter((target) => target.startsWith('src/') && !exported.some((place) => isWithin(target, place))),
    );
    expect(foreign).toEqual([]);
  });
});

describe('the check of the architecture', () => {
  it('finds exported names and casts', () => {
    const source = `export const a = b as string, { c, d: e } = f;\nexport type G = 1;\nconst h = ['x'] as const;`;
    expect(exportedNamesOf(source)).toEqual(['a', 'c', 'e', 'G']);
    expect(castsIn('module.ts', source)).toBe(1);
  });

  it('finds a circle, and nothing where two ways lead to one module', () => {
    const imports = { 'a.ts': ['b.ts', 'c.ts'], 'b.ts': ['d.ts'], 'c.ts': ['d.ts'], 'd.ts': [] };
    expect(circlesOf(new Map(Object.entries(imports)))).toEqual([]);
    expect(circlesOf(new Map(Object.entries({ ...imports, 'd.ts': ['b.ts'] })))).toEqual([['b.ts', 'd.ts']]);
  });

  it.each([
    ['domain/task.ts', `import { claim } from '../store/claim.ts';`],
    ['domain/task.ts', `import type { Claim } from '../store/claim.ts';`],
    ['domain/task.ts', `export * from '../store/claim.ts';`],
    ['domain/task.ts', `export type { Claim } from '../store/claim.ts';`],
    ['domain/task.ts', `const claim = await import('../store/claim.ts');`],
    ['domain/task.ts', `import '../store/claim.ts';`],
    ['domain/task.ts', `import { a,\n  b } from "../store/claim.ts"`],
    ['store/claim.ts', `import { hub } from '../events/hub/hub.ts';`],
    ['events/transports/redis.ts', `import { submit } from '../../store/submit.ts';`],
    ['graphql/task/type.ts', `import { serve } from '../../server/http.ts';`],
    ['server/http/http.ts', `import { claim } from '../../store/claim.ts';`],
    ['events/hub/hub.ts', `import { openRoomStream } from '../streams/stream.ts';`],
    ['server/limits/operation-complexity.ts', `import { readBody } from '../http/body.ts';`],
    ['client/watch.ts', `import type { TaskStatus } from '../domain/task.ts';`],
    ['client/watch.ts', `import type { Task } from '../generated/prisma/client.ts';`],
    ['main.ts', `import { createClient } from './client/index.ts';`],
    ['config.ts', `import { start } from './app/app.ts';`],
    ['app/app.ts', `import { main } from '../main.ts';`],
    ['graphql/task/counts.ts', `import { claimTasks } from '../../store/tasks/claim.ts';`],
    ['graphql/task/counts.ts', `import { type Claim, claimTasks } from '../../store/tasks/claim.ts';`],
    ['app/services.ts', `export { claimTasks } from '../store/tasks/claim/claim.ts';`],
    ['maintenance/clean-up.ts', `const tasks = await import('../store/tasks/claim.ts');`],
    ['store/claim.ts', `const url = process.env.DATABASE_URL;`],
    ['store/claim.ts', `const url = process['env'].DATABASE_URL;`],
    ['store/claim.ts', `const { env: settings } = process;`],
    ['store/claim.ts', `import { env } from 'node:process';`],
    ['app/app.ts', `if (failed) globalThis.process.exit(1);`],
    ['config.ts', `process.exit(1);`],
    ['helpers/text.ts', `export const a = 1;`],
  ])('refuses in src/%s: %s', (path, source) => {
    expect(violations(path, source)).toHaveLength(1);
  });

  it.each([
    [
      'store/claim.ts',
      `import { open } from './database.ts';\nimport { allowedFrom } from '../domain/transitions.ts';`,
    ],
    ['events/hub/hub.ts', `import type { TransitionLog } from '../../store/log/log.ts';`],
    ['graphql/task/counts.ts', `import type { Claim } from '../../store/tasks/claim.ts';`],
    ['graphql/task/counts.ts', `import { type Claim, type Claimed } from '../../store/tasks/claim.ts';`],
    ['graphql/task/counts.ts', `import { MOST_COUNTED } from '../../store/store.ts';`],
    ['client/worker/claims.ts', `import { graphql } from '../generated/gql.ts';`],
    [
      'domain/task.ts',
      `// import { claim } from '../store/claim.ts';\nconst text = "import '../store/claim.ts'";`,
    ],
    ['config.ts', `export const port = process.env.PORT;`],
    ['main.ts', `process.exit(await serve());`],
    ['store/claim.ts', `process.exitCode = 1; const env = context.env;`],
  ])('accepts in src/%s: %s', (path, source) => {
    expect(violations(path, source)).toEqual([]);
  });
});
