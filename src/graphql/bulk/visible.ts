/** The plans and runs of bulk actions that a caller may see. */
import { canSeeBulk } from '../../domain/access.ts';
import type { BulkRow } from '../../domain/bulk.ts';
import { type Context, viewerOf } from '../context.ts';

/** The plan with what has become of it; null when there is none that the caller may see. */
export async function loadVisibleBulk(context: Context, id: string | null): Promise<BulkRow | null> {
  const row = id === null ? null : await context.services.store.findBulk(id);
  return row && canSeeBulk(viewerOf(context), row) ? row : null;
}
