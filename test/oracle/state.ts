/** What a reader reads that was asked to read again: the state of its scope, and where to go on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fromTypeId } from '../../src/domain/typeid.ts';
import type { Scope } from './readers.ts';

export interface State {
  /** Versions by task. */
  versions: Map<string, number>;
  cursor: string;
}

interface Page {
  streamCursor: string;
  pageInfo: { endCursor: string | null; hasNextPage: boolean };
  nodes: { id: string; version: number }[];
}

const LIST = `query ($room: String, $filter: TaskFilter, $after: String) {
  tasks(room: $room, filter: $filter, first: 100, after: $after) {
    streamCursor pageInfo { endCursor hasNextPage } nodes { id version }
  }
}`;

export interface ReadOptions {
  urls: readonly string[];
  token: string;
  random: () => number;
  isClosed: () => boolean;
}

/** Tries until some server answers; undefined when the reader was closed before. */
export async function readState(scope: Scope, options: ReadOptions): Promise<State | undefined> {
  while (!options.isClosed()) {
    try {
      return await readPages(scope, options);
    } catch {
      await sleep(50);
    }
  }
  return undefined;
}

async function readPages(scope: Scope, { urls, token, random }: ReadOptions): Promise<State> {
  const versions = new Map<string, number>();
  let cursor: string | undefined;
  for (let after: string | null = null; ; ) {
    const url = urls[Math.floor(random() * urls.length)] as string;
    const page: Page = await ask(url, token, { ...conditionOf(scope), after });
    cursor ??= page.streamCursor;
    for (const { id, version } of page.nodes) versions.set(fromTypeId('task', id) as string, version);
    if (!page.pageInfo.hasNextPage) return { versions, cursor };
    after = page.pageInfo.endCursor;
  }
}

async function ask(url: string, token: string, variables: object): Promise<Page> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: LIST, variables }),
    signal: AbortSignal.timeout(10_000),
  });
  return ((await response.json()) as { data: { tasks: Page } }).data.tasks;
}

function conditionOf(scope: Scope): object {
  if ('room' in scope) return { room: scope.room };
  if ('taskId' in scope) return { filter: { ids: [scope.taskId] } };
  return 'all' in scope ? {} : { filter: { statuses: [scope.leaving] } };
}
