/** What only those may see and do who operate the server. */
import { canOperate } from '../domain/access.ts';
import { Forbidden } from '../domain/problems.ts';
import { type Context, viewerOf } from './context.ts';

/** @throws Forbidden for everybody but an ADMIN */
export function requireOperator(context: Context): void {
  if (!canOperate(viewerOf(context))) {
    throw new Forbidden(
      'Only an ADMIN may run operations, manage webhooks, and see what they and the audit log report.',
    );
  }
}
