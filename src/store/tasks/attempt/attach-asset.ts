/**
 * attachAsset: the holder of a running attempt reports a file that it has produced.
 *
 * No transition: neither the version nor the log changes. The task's row is locked, so that an asset is never attached
 * to an attempt that has ended in the same moment. What is attached twice at the same place by one attempt, as after
 * an answer that was lost, is one asset, with what was said last.
 */

import type { AssetRow } from '../../../domain/asset.ts';
import { present } from '../../../domain/present.ts';
import { TRANSITIONS } from '../../../domain/transitions.ts';
import { newUuid } from '../../../domain/typeid.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { statement, toJson } from '../../database/statement.ts';
import { type HeldAttempt, holderColumns } from '../compare-and-set.ts';
import { sqlStatuses } from '../rows.ts';

/** Assets of one task at most. */
export const MAX_ASSETS = 1_000;

export interface Attachment extends HeldAttempt {
  type: string;
  location: string;
  isUrl: boolean;
  storagePath: string | null;
  /** Bytes. */
  size: number | null;
  metadata: unknown;
}

/** The asset; that the task has as many as it may; or null where the attempt is not running and held so. */
export type Attached = AssetRow | 'full' | null;

/** Attaches all by one statement; one answer for each, in order. */
export async function attachAssets(
  session: DatabaseSession,
  items: readonly Attachment[],
): Promise<Attached[]> {
  const latest = new Map(items.map((item) => [placeOf(item), item]));
  const written = [...latest.values()];
  const rows = await session.query<AttachedRow>(ATTACH, [
    ...holderColumns(written),
    written.map(() => newUuid()),
    written.map(({ type }) => type),
    written.map(({ location }) => location),
    written.map(({ isUrl }) => isUrl),
    written.map(({ storagePath }) => storagePath),
    written.map(({ size }) => size),
    written.map(({ metadata }) => toJson(metadata)),
    MAX_ASSETS,
  ]);
  const answers = new Map<string, Attached>();
  for (const { ord, size, ...row } of rows) {
    const item = present(written[ord - 1]);
    answers.set(placeOf(item), row.id === null ? 'full' : ({ ...row, size: numberOf(size) } as AssetRow));
  }
  return items.map((item) => answers.get(placeOf(item)) ?? null);
}

/** A row without an id is one for which there was no more room. A bigint comes as text or as a bigint. */
type AttachedRow = Omit<AssetRow, 'id' | 'size'> & {
  ord: number;
  id: string | null;
  size: string | bigint | number | null;
};

function numberOf(size: AttachedRow['size']): number | null {
  return size === null ? null : Number(size);
}

function placeOf({ taskId, workerId, attempt, location }: Attachment): string {
  return `${taskId} ${workerId} ${attempt} ${location}`;
}

// Who attaches through two servers in the same moment may exceed the limit by what one statement holds: both count
// before either has written. It bounds storage, so that is close enough.
const ATTACH = statement(
  'attach_asset',
  `WITH target AS (
    SELECT i.* FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::uuid[], $6::text[], $7::text[],
        $8::boolean[], $9::text[], $10::bigint[], $11::text[])
      WITH ORDINALITY AS i (task_id, worker_id, attempt, actor, id, type, location, is_url, storage_path, size, metadata,
        ord)
    JOIN task t ON t.id = i.task_id
    WHERE t.status IN (${sqlStatuses(TRANSITIONS.complete.from)}) AND t.worker_id = i.worker_id AND t.attempt = i.attempt
    ORDER BY t.id FOR NO KEY UPDATE OF t
  ), numbered AS (
    SELECT target.*, EXISTS (
        SELECT 1 FROM asset WHERE asset.task_id = target.task_id AND asset.attempt = target.attempt
          AND asset.location = target.location
      ) AS known, (SELECT count(*) FROM asset WHERE asset.task_id = target.task_id)
        + row_number() OVER (PARTITION BY target.task_id ORDER BY target.ord) AS place
    FROM target
  ), attached AS (
    INSERT INTO asset (id, task_id, attempt, type, location, is_url, storage_path, size, metadata, created_by)
    SELECT id, task_id, attempt, type, location, is_url, storage_path, size, metadata::jsonb, actor
    FROM numbered WHERE known OR place <= $12::int
    ORDER BY task_id, attempt, location
    ON CONFLICT (task_id, attempt, location) DO UPDATE
      SET type = EXCLUDED.type, is_url = EXCLUDED.is_url, storage_path = EXCLUDED.storage_path, size = EXCLUDED.size, metadata = EXCLUDED.metadata
    RETURNING *
  )
  SELECT numbered.ord::int AS ord, attached.id, attached.task_id AS "taskId", attached.attempt, attached.type,
    attached.location, attached.is_url AS "isUrl", attached.storage_path AS "storagePath", attached.size, attached.metadata, attached.created_by AS "createdBy",
    attached.created_at AS "createdAt"
  FROM numbered LEFT JOIN attached USING (task_id, attempt, location)`,
);
