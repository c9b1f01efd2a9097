/** Relay connections by keyset: the cursor is the id of the row, and no page costs more than its rows. */
import { resolveCursorConnection } from '@pothos/plugin-relay';
import { InvalidInput } from '../domain/problems.ts';
import { fromTypeId, type IdPrefix, toTypeId } from '../domain/typeid.ts';

const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 100;

interface PageArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}

/** What to read for a page: ids strictly between the bounds, in this order. */
export interface KeysetPage {
  where: { id?: { gt?: string; lt?: string } };
  orderBy: { id: 'asc' | 'desc' };
  take: number;
}

/**
 * Resolves a connection over rows with UUIDv7 ids.
 * @param order of the connection itself: oldest (asc) or newest (desc) first
 */
export function resolveKeyset<Row extends { id: string }>(
  prefix: IdPrefix,
  order: 'asc' | 'desc',
  args: PageArguments,
  read: (page: KeysetPage) => Promise<Row[]>,
) {
  return resolvePage(
    args,
    (row: Row) => toTypeId(prefix, row.id),
    ({ before, after, limit, inverted }) => {
      const [later, earlier] = order === 'asc' ? [after, before] : [before, after];
      const gt = later === undefined ? undefined : parseRowCursor(prefix, later);
      const lt = earlier === undefined ? undefined : parseRowCursor(prefix, earlier);
      const opposite = order === 'asc' ? 'desc' : 'asc';
      return read({
        where: gt || lt ? { id: { ...(gt && { gt }), ...(lt && { lt }) } } : {},
        orderBy: { id: inverted ? opposite : order },
        take: limit,
      });
    },
  );
}

/** The same for statements of the store. */
export function toIdPage({ where, orderBy, take }: KeysetPage) {
  return { after: where.id?.gt, before: where.id?.lt, newestFirst: orderBy.id === 'desc', limit: take };
}

/** What a page asks for: rows strictly between the cursors, in the connection's order or against it. */
interface PageRequest {
  before?: string;
  after?: string;
  limit: number;
  inverted: boolean;
}

/** Resolves a connection with cursors of its own. */
export async function resolvePage<Row>(
  args: PageArguments,
  toCursor: (row: Row) => string,
  read: (page: PageRequest) => Promise<Row[]>,
) {
  checkPageArguments(args);
  const connection = (await resolveCursorConnection(
    { args, defaultSize: DEFAULT_PAGE_SIZE, maxSize: MAX_PAGE_SIZE, toCursor: toCursor as never },
    read as never,
  )) as unknown as PageOf<Row>;
  if (connection.edges.length > 0) return connection;
  // An empty page has no cursors of its own.
  return { ...connection, pageInfo: { ...connection.pageInfo, startCursor: null, endCursor: null } };
}

interface PageOf<Row> {
  edges: { cursor: string; node: Row }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

/** Refuses sizes that mean nothing or too much: who asked for 500 must not take 100 for all that there is. */
function checkPageArguments({ first, last }: PageArguments): void {
  for (const [name, size] of Object.entries({ first, last })) {
    if (typeof size === 'number' && size < 0) {
      throw new InvalidInput([{ path: [name], message: 'must not be negative' }]);
    }
    if (typeof size === 'number' && size > MAX_PAGE_SIZE) {
      const message = `may be ${MAX_PAGE_SIZE} at most: read the next page with a cursor`;
      throw new InvalidInput([{ path: [name], message }]);
    }
  }
  if (typeof first === 'number' && typeof last === 'number') {
    throw new InvalidInput([{ path: ['last'], message: 'cannot be combined with first' }]);
  }
}

function parseRowCursor(prefix: IdPrefix, cursor: string): string {
  const uuid = fromTypeId(prefix, cursor);
  if (uuid) return uuid;
  throw new InvalidInput([{ path: ['cursor'], message: 'is no cursor of this connection' }]);
}

/** For the complexity rule: a connection costs as many times its page as it may return rows. */
export function pageComplexity(args: PageArguments): { field: number; multiplier: number } {
  const size = args.first ?? args.last ?? DEFAULT_PAGE_SIZE;
  return { field: 1, multiplier: Math.max(1, Math.min(size, MAX_PAGE_SIZE)) };
}
