/** The job, as its worker and its submitter know it. */

import { createHash } from 'node:crypto';

export * from './schemas.ts';

/**
 * A worker serves the tree that it was started for, and nothing else: each tree is a room of its own, and the
 * payload only names a part of it.
 */
export function roomOf(root: string): string {
  if (process.env['SIGNALBOX_DEMO_ROOM']) return process.env['SIGNALBOX_DEMO_ROOM'];
  return `index-source-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`;
}
