-- CreateTable
CREATE TABLE "task_cascade" (
    "task_id" UUID NOT NULL,
    "dependents" INTEGER NOT NULL,

    CONSTRAINT "task_cascade_pkey" PRIMARY KEY ("task_id")
);

ALTER TABLE "task_cascade" ADD CONSTRAINT "task_cascade_has_dependents" CHECK ("dependents" > 0);

-- The same as before, but for its end: what was cancelled may have dependents, and those dependents of their own, so that
-- one statement could cancel without bound. It goes on to so many in all; the others are noted, and settled by the server.
-- What depends on the tasks that have ended themselves is always settled at once.
CREATE OR REPLACE FUNCTION "settle_dependents"(
  ended uuid[], good "task_status"[], waiting "task_status", unblocked "task_status", cancelled "task_status"
) RETURNS TABLE (child "task", failed_parent uuid) LANGUAGE plpgsql AS $$
DECLARE
  parents uuid[] := ended;
  children uuid[];
  budget bigint := 10000;
  used bigint;
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

    WITH step AS (
      SELECT t.id, t.dependent_count, sum(t.dependent_count) OVER (ORDER BY t.id) AS total
      FROM unnest(children) c (id) JOIN task t ON t.id = c.id
      WHERE t.status = cancelled AND t.dependent_count > 0
    ), noted AS (
      INSERT INTO task_cascade (task_id, dependents) SELECT id, dependent_count FROM step WHERE total > budget
      ON CONFLICT (task_id) DO NOTHING
    )
    SELECT array_agg(id), max(total) INTO parents, used FROM step WHERE total <= budget;
    EXIT WHEN parents IS NULL;
    budget := budget - used;
  END LOOP;
END $$;
