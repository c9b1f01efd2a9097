-- AlterTable
ALTER TABLE "job" ADD COLUMN     "limits" JSONB NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "task" ADD COLUMN     "limit_key" TEXT;

-- AlterTable
ALTER TABLE "task_gate" ADD COLUMN     "full_at" TIMESTAMPTZ(3),
ADD COLUMN     "limited" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "max_running" INTEGER,
ADD COLUMN     "rate_count" INTEGER,
ADD COLUMN     "rate_seconds" INTEGER,
ADD COLUMN     "running" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "starts" JSONB;

-- AlterTable
ALTER TABLE "task_hold" ADD COLUMN     "gates" UUID[];

ALTER TABLE "task_gate" ADD CONSTRAINT "task_gate_running_not_negative" CHECK ("running" >= 0);

-- The gates that a task must pass by the limits of its job, in their order: those for which it has a key. What is longer
-- than an index can hold goes by its digest.
CREATE FUNCTION "limit_gates"(limits jsonb, t "task") RETURNS TABLE (
  place bigint, name text, key text, max_running int, rate_count int, rate_seconds int
) LANGUAGE sql STABLE AS $$
  SELECT keyed.place, keyed.l->>'name',
    CASE WHEN length(keyed.value) > 200 THEN 'sha256:' || encode(sha256(convert_to(keyed.value, 'UTF8')), 'hex') ELSE keyed.value END,
    (keyed.l->>'maxRunning')::int, (keyed.l->'rate'->>'count')::int, (keyed.l->'rate'->>'perSeconds')::int
  FROM (
    SELECT named.place, named.l, CASE named.l->>'scope'
      WHEN 'JOB' THEN ''
      WHEN 'ROOM' THEN t.room
      WHEN 'CREATOR' THEN t.created_by
      ELSE CASE WHEN named.l->>'keyPointer' IS NULL THEN t.limit_key ELSE (
        SELECT found.value #>> '{}' FROM (
          SELECT t.payload #> ARRAY(
            SELECT replace(replace(part, '~1', '/'), '~0', '~')
            FROM unnest(string_to_array(substr(named.l->>'keyPointer', 2), '/')) WITH ORDINALITY AS parts (part, n)
            ORDER BY n
          ) AS value
        ) found WHERE jsonb_typeof(found.value) IN ('string', 'number', 'boolean')
      ) END
    END AS value
    FROM jsonb_array_elements(limits) WITH ORDINALITY AS named (l, place)
  ) keyed
  WHERE keyed.value IS NOT NULL
$$;

-- Gives slots back: one of each gate for each time that it is named. Called by the statement that ends attempts or takes
-- them away. A function, because its statements see the gates as they are, where those of the statement are older; gates
-- are locked in the order of their ids. Gives the jobs of which a task can now be let through.
CREATE FUNCTION "give_back_slots"(given uuid[]) RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE
  jobs uuid[];
BEGIN
  PERFORM gate.id FROM task_gate gate WHERE gate.id = ANY (given) ORDER BY gate.id FOR UPDATE;
  WITH returned AS (
    SELECT id, count(*)::int AS slots FROM unnest(given) AS slot (id) GROUP BY id
  ), gate AS (
    SELECT g.id, GREATEST(0, g.running - returned.slots) AS running, g.limited, g.max_running,
      EXISTS (SELECT FROM task_queue q WHERE q.gate_id = g.id AND NOT q.ready) AS waits
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
