/** Whose plans and runs a caller may see: its own, and an ADMIN all. */
import type { BulkRow } from '../../domain/bulk.ts';
import { type Context, viewerOf } from '../context.ts';

/** The plan with what has become of it; null when there is none that the caller may see. */
export async function loadVisibleBulk(context: Context, id: string | null): Promise<BulkRow | null> {
  const row = id === null ? null : await context.services.store.findBulk(id);
  const viewer = viewerOf(context);
  return row && (viewer.role === 'ADMIN' || row.createdBy === viewer.id) ? row : null;
}
