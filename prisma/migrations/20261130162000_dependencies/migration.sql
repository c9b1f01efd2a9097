-- AlterTable
ALTER TABLE "task" ADD COLUMN     "dependency_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "dependent_count" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "task_dependency" (
    "task_id" UUID NOT NULL,
    "place" INTEGER NOT NULL,
    "parent_id" UUID NOT NULL,
    "runs_on_failure" BOOLEAN NOT NULL,
    "settled" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "task_dependency_pkey" PRIMARY KEY ("task_id","place")
);

-- CreateIndex
CREATE INDEX "task_dependency_parent_id_idx" ON "task_dependency"("parent_id");

-- CreateIndex
CREATE INDEX "task_dependency_open_idx" ON "task_dependency"("task_id") WHERE (NOT settled);

ALTER TABLE "task" ADD CONSTRAINT "task_dependency_counts_not_negative" CHECK ("dependency_count" >= 0 AND "dependent_count" >= 0);
ALTER TABLE "task_dependency" ADD CONSTRAINT "task_dependency_not_of_itself" CHECK ("task_id" <> "parent_id");

-- Settles the edges to tasks that have just ended, and moves those which waited for nothing else: to `unblocked`, or, by
-- an edge that asks for a good end, to `cancelled` and so on to whatever waits for those. Called by the statement that
-- ends the tasks. A function, because each statement in it has a snapshot of its own: a submission may have added edges
-- while the statement waited for the task's lock, and its own snapshot is older. Children are locked before their open
-- edges are looked for: of two parents that end at the same time, the second sees what the first has settled.
CREATE FUNCTION "settle_dependents"(
  ended uuid[], good "task_status"[], waiting "task_status", unblocked "task_status", cancelled "task_status"
) RETURNS TABLE (child "task", failed_parent uuid) LANGUAGE plpgsql AS $$
DECLARE
  parents uuid[] := ended;
  children uuid[];
BEGIN
  LOOP
    WITH settled AS (
      UPDATE task_dependency d SET settled = true FROM unnest(parents) p (id)
      WHERE d.parent_id = p.id AND NOT d.settled
      RETURNING d.task_id
    )
    SELECT array_agg(DISTINCT task_id) INTO children FROM settled;
    EXIT WHEN children IS NULL;

    PERFORM t.id FROM unnest(children) c (id) JOIN task t ON t.id = c.id
    WHERE t.status = waiting ORDER BY t.id FOR NO KEY UPDATE OF t;

    RETURN QUERY
    UPDATE task t SET status = cancelled, version = t.version + 1, updated_at = now(), finished_at = now()
    FROM (
      SELECT DISTINCT ON (d.task_id) d.task_id, d.parent_id
      FROM unnest(parents) p (id)
      JOIN task parent ON parent.id = p.id AND parent.status <> ALL (good)
      JOIN task_dependency d ON d.parent_id = p.id AND NOT d.runs_on_failure
      ORDER BY d.task_id, d.place
    ) failed
    WHERE t.id = failed.task_id AND t.status = waiting
    RETURNING t, failed.parent_id;

    RETURN QUERY
    UPDATE task t SET status = unblocked, version = t.version + 1, updated_at = now(),
      run_at = GREATEST(t.run_at, date_trunc('milliseconds', now()))
    FROM unnest(children) c (id)
    WHERE t.id = c.id AND t.status = waiting
      AND (SELECT 1 FROM task_dependency d WHERE d.task_id = t.id AND NOT d.settled LIMIT 1) IS NULL
    RETURNING t, NULL::uuid;

    SELECT array_agg(t.id) INTO parents FROM unnest(children) c (id) JOIN task t ON t.id = c.id
    WHERE t.status = cancelled AND t.dependent_count > 0;
    EXIT WHEN parents IS NULL;
  END LOOP;
END $$;

-- The id that callers see for a UUID: a prefix, and 26 digits of 5 bits.
CREATE FUNCTION "type_id"(prefix text, id uuid) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT prefix || '_' || string_agg(
    substr('0123456789abcdefghjkmnpqrstvwxyz', substring(bits.of_id FROM 5 * n + 1 FOR 5)::int + 1, 1), '' ORDER BY n)
  FROM (SELECT B'00' || ('x' || replace(id::text, '-', ''))::bit(128) AS of_id) bits, generate_series(0, 25) n
$$;
