/** Which saved views a caller may see. */
import { canSeeView } from '../../domain/access.ts';
import type { ViewRow } from '../../store/views/saved-views.ts';
import { type Context, viewerOf } from '../context.ts';

/** The view, or null when there is none that the caller may see. */
export async function loadVisibleView(context: Context, id: string | null): Promise<ViewRow | null> {
  const view = id === null ? null : await context.services.store.findView(id);
  return view && canSeeView(viewerOf(context), view) ? view : null;
}
