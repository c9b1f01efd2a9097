-- Whether anything stands before a gate is looked up in the index of gates, which has this order: without it a scan of all
-- that stand before any seems to end at once.
CREATE OR REPLACE FUNCTION "give_back_slots"(given uuid[]) RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE
  jobs uuid[];
BEGIN
  PERFORM gate.id FROM task_gate gate WHERE gate.id = ANY (given) ORDER BY gate.id FOR UPDATE;
  WITH returned AS (
    SELECT id, count(*)::int AS slots FROM unnest(given) AS slot (id) GROUP BY id
  ), gate AS (
    SELECT g.id, GREATEST(0, g.running - returned.slots) AS running, g.limited, g.max_running,
      (
        SELECT true FROM task_queue q WHERE q.gate_id = g.id AND NOT q.ready
        ORDER BY q.priority DESC, q.run_at, q.task_id LIMIT 1
      ) IS NOT NULL AS waits
    FROM returned JOIN task_gate g ON g.id = returned.id
  ), changed AS (
    UPDATE task_gate g SET running = gate.running, opens_at = CASE
      WHEN NOT gate.waits THEN NULL
      WHEN gate.limited AND gate.running >= gate.max_running THEN 'infinity'
      -- Never rounded up: it is open for the very next statement.
      ELSE LEAST(g.opens_at, date_trunc('milliseconds', now()))
    END
    FROM gate WHERE g.id = gate.id RETURNING g.job_id, g.opens_at
  )
  SELECT array_agg(DISTINCT job_id) INTO jobs FROM changed WHERE opens_at < 'infinity';
  RETURN jobs;
END $$;

-- A gate changes with every claim and every end of its key: its versions stay in its page.
ALTER TABLE "task_gate" SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_limit = 2000);
