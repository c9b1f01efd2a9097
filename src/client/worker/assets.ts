/** Reports files that an attempt has produced. */

import type { Connection } from '../connection/connection.ts';
import { retryUntilAnswered } from '../connection/retry-until-answered.ts';
import { isRefusedReport } from '../connection/temporary.ts';
import type { AttachAssetInput } from '../generated/graphql.ts';
import { successOf } from '../problems.ts';
import { AttachAsset } from './documents.ts';
import type { Holder } from './running.ts';

/** What a handler has produced, and where it is: either `url` or `storagePath`. */
export type NewAsset = Omit<AttachAssetInput, 'taskId' | 'workerId' | 'attempt' | 'metadata'> & {
  /** Anything that helps to use it: JSON. */
  metadata?: Record<string, unknown>;
};

/**
 * Sends until the server has answered, whatever fails on the way: sent twice, it is one asset. Rejects with the problem
 * when it is refused, and with the last error once the attempt is aborted.
 * @returns the asset's id
 */
export async function attachAsset(
  connection: Connection,
  holder: Holder,
  asset: NewAsset,
  aborted: AbortSignal,
): Promise<string> {
  const { taskId, workerId, attempt } = holder;
  const input = { ...asset, taskId, workerId, attempt };
  const { attachAsset: answer } = await retryUntilAnswered(() => connection.send(AttachAsset, { input }), {
    until: aborted,
    repeats: (error) => !isRefusedReport(error),
  });
  return successOf(answer, 'AttachAssetSuccess').asset.id;
}
