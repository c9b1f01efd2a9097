/** Relay connections by keyset: the cursor is the id of the row, and no page costs more than its rows. */
import { resolveCursorConnection } from '@pothos/plugin-relay';
import { type IdPrefix, fromTypeId, toTypeId } from '../domain/typeid.ts';
import { InvalidInput } from '../domain/problems.ts';
import { problemError } from './errors.ts';

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

interface PageArguments {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
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
  checkPageArguments(args);
  return resolveCursorConnection(
    { args, defaultSize: DEFAULT_PAGE_SIZE, maxSize: MAX_PAGE_SIZE, toCursor: (row: Row) => toTypeId(prefix, row.id) },
    ({ before, after, limit, inverted }: { before?: string; after?: string; limit: number; inverted: boolean }) => {
      const [later, earlier] = order === 'asc' ? [after, before] : [before, after];
      const gt = later === undefined ? undefined : parseRowCursor(prefix, later);
      const lt = earlier === undefined ? undefined : parseRowCursor(prefix, earlier);
      const opposite = order === 'asc' ? 'desc' : 'asc';
      return read({
        where: gt || lt ? { id: { gt, lt } } : {},
        orderBy: { id: inverted ? opposite : order },
        take: limit,
      });
    },
  );
}

/** Refuses sizes that mean nothing; larger ones than the maximum are cut to it. */
export function checkPageArguments({ first, last }: PageArguments): void {
  for (const [name, size] of Object.entries({ first, last })) {
    if (typeof size === 'number' && size < 0) {
      throw problemError(new InvalidInput([{ path: [name], message: 'must not be negative' }]));
    }
  }
  if (typeof first === 'number' && typeof last === 'number') {
    throw problemError(new InvalidInput([{ path: ['last'], message: 'cannot be combined with first' }]));
  }
}

function parseRowCursor(prefix: IdPrefix, cursor: string): string {
  const uuid = fromTypeId(prefix, cursor);
  if (uuid) return uuid;
  throw problemError(new InvalidInput([{ path: ['cursor'], message: 'is no cursor of this connection' }]));
}

/** For the complexity rule: a connection costs as many times its page as it may return rows. */
export function pageComplexity(args: PageArguments): { field: number; multiplier: number } {
  const size = args.first ?? args.last ?? DEFAULT_PAGE_SIZE;
  return { field: 1, multiplier: Math.max(1, Math.min(size, MAX_PAGE_SIZE)) };
}
