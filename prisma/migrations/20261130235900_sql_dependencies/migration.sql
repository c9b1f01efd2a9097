-- Submission by SQL takes what its task depends on, and how long its key is taken; and servers count it.
--
-- The transaction of an application may stay open for long, so nothing that the work of others needs is locked in it: a task
-- that is depended on may end meanwhile. What was submitted is noted beside it; a server takes the notes after the commit, each
-- once, counts them, and settles what they depend on: src/store/tasks/sql-submissions.ts.

-- CreateTable
CREATE TABLE "sql_submission" (
    "task_id" UUID NOT NULL,
    "status" "task_status" NOT NULL,

    CONSTRAINT "sql_submission_pkey" PRIMARY KEY ("task_id")
);

-- The UUID of the id that callers see for a task, see type_id; null for what is none.
CREATE FUNCTION "task_uuid"(id text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT string_agg(lpad(to_hex(substring(bits.all_of_them FROM 4 * n + 3 FOR 4)::bit(4)::int), 1, '0'), '' ORDER BY n)::uuid
  FROM (
    SELECT string_agg((strpos('0123456789abcdefghjkmnpqrstvwxyz', substr(id, place, 1)) - 1)::bit(5)::text, '' ORDER BY place) AS all_of_them
    FROM generate_series(6, 31) place
    WHERE id ~ '^task_[0-7][0-9a-hjkmnp-tv-z]{25}$'
  ) bits, generate_series(0, 31) n
  WHERE bits.all_of_them IS NOT NULL
$$;

DO $outer$
DECLARE
  before regprocedure := to_regprocedure(format('%I.submit_task(text, text, jsonb, int, timestamptz, text, text, text, text, jsonb, int, text, text, text)', current_schema()));
  -- Who may call it, may call it afterwards.
  granted oid[] := ARRAY(
    SELECT grantee FROM pg_proc, aclexplode(proacl) WHERE pg_proc.oid = before AND grantee <> 0 AND grantee <> proowner
  );
  role oid;
BEGIN
  EXECUTE 'DROP FUNCTION ' || before;
  -- The caller may have no more rights than to call it; what it does is done by its owner, in this schema and in no other.
  EXECUTE format($create$
CREATE FUNCTION "submit_task"(
  room text,
  job text,
  payload jsonb DEFAULT '{}',
  priority int DEFAULT 0,
  run_at timestamptz DEFAULT NULL,
  idempotency_key text DEFAULT NULL,
  correlation_id text DEFAULT NULL,
  entity_type text DEFAULT NULL,
  entity_id text DEFAULT NULL,
  labels jsonb DEFAULT '{}',
  max_attempts int DEFAULT NULL,
  created_by text DEFAULT NULL,
  traceparent text DEFAULT NULL,
  limit_key text DEFAULT NULL,
  hold_key text DEFAULT NULL,
  hold_key_seconds int DEFAULT NULL,
  depends_on jsonb DEFAULT '[]'
) RETURNS TABLE (task_id text, duplicate boolean)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = %1$I, pg_temp
SET extra_float_digits = 1
AS $body$
#variable_conflict use_column
DECLARE
  -- Whose a submission is that does not say so: the role that has signed in.
  author text := COALESCE(submit_task.created_by, '@role:' || session_user);
  wrong text;
  known record;
  -- A UUIDv7 with the fraction of the millisecond: tasks of one transaction are claimed in the order of their submission.
  ms numeric := extract(epoch FROM clock_timestamp()) * 1000;
  digits text := lpad(to_hex(floor(ms)::bigint), 12, '0');
  new_id uuid := left(digits, 8) || '-' || right(digits, 4) || '-7' || lpad(to_hex(floor((ms - floor(ms)) * 4096)::int), 3, '0')
    || substr(gen_random_uuid()::text, 19);
  existing uuid;
  parents uuid[] := '{}';
  dependency jsonb;
  parent uuid;
  dependents int;
BEGIN
  SELECT message INTO wrong FROM (VALUES
    (1, submit_task.room IS NULL OR char_length(submit_task.room) NOT BETWEEN 1 AND 128
      OR submit_task.room <> '@global' AND submit_task.room ~ E'[@:\\s\\u0001-\\u0020\\u007f-\\u00a0\\u00ad\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u1680\\u180e\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000\\ufeff\\ufff9-\\ufffb]',
      'room is not the name of a room: ' || COALESCE(submit_task.room, 'null')),
    (2, submit_task.job IS NULL, 'job must be the full name of a job: room:category:name'),
    (3, submit_task.priority IS NULL, 'priority must be a whole number'),
    (4, char_length(submit_task.idempotency_key) NOT BETWEEN 1 AND 256, 'idempotency_key must have 1 to 256 characters'),
    (5, char_length(submit_task.correlation_id) NOT BETWEEN 1 AND 256, 'correlation_id must have 1 to 256 characters'),
    (6, char_length(submit_task.entity_type) NOT BETWEEN 1 AND 256, 'entity_type must have 1 to 256 characters'),
    (7, char_length(submit_task.entity_id) NOT BETWEEN 1 AND 256, 'entity_id must have 1 to 256 characters'),
    (8, submit_task.max_attempts NOT BETWEEN 1 AND 100, 'max_attempts must be 1 to 100'),
    (9, submit_task.run_at IN ('infinity', '-infinity'), 'run_at must be a point in time'),
    (10, char_length(submit_task.created_by) NOT BETWEEN 1 AND 256 OR submit_task.created_by LIKE '@%%'
      OR submit_task.created_by ~ '^[a-z]+_[0-7][0-9a-hjkmnp-tv-z]{25}$',
      'created_by must be the id of a user: 1 to 256 characters, not beginning with "@", and no id of Signalbox'),
    (11, submit_task.traceparent !~ '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$', 'traceparent is not one of W3C Trace Context'),
    (12, jsonb_typeof(COALESCE(submit_task.labels, 'null')) <> 'object' OR EXISTS (
      SELECT FROM jsonb_each(CASE jsonb_typeof(submit_task.labels) WHEN 'object' THEN submit_task.labels ELSE '{}' END) AS label
      HAVING count(*) > 64 OR bool_or(jsonb_typeof(label.value) <> 'string' OR label.key = '__proto__'
        OR char_length(label.key) NOT BETWEEN 1 AND 128 OR char_length(label.value#>>'{}') > 1024)),
      'labels must be a flat map of texts: 64 at most, names of 1 to 128 and values of up to 1,024 characters'),
    (13, char_length(submit_task.limit_key) NOT BETWEEN 1 AND 256, 'limit_key must have 1 to 256 characters'),
    (14, submit_task.payload IS NULL, 'payload must not be null: leave it out, or give ''{}'''),
    (15, submit_task.hold_key NOT IN ('FOREVER', 'UNTIL_FINISHED'), 'hold_key must be FOREVER or UNTIL_FINISHED'),
    (16, submit_task.hold_key_seconds NOT BETWEEN 1 AND 31536000, 'hold_key_seconds must be 1 to 31536000'),
    (17, submit_task.hold_key IS NOT NULL AND submit_task.hold_key_seconds IS NOT NULL,
      'hold_key_seconds cannot be combined with hold_key'),
    (18, COALESCE(submit_task.hold_key, submit_task.hold_key_seconds::text) IS NOT NULL AND submit_task.idempotency_key IS NULL,
      'hold_key needs an idempotency_key'),
    (19, jsonb_typeof(COALESCE(submit_task.depends_on, 'null')) <> 'array', 'depends_on must be a list'),
    (20, CASE jsonb_typeof(submit_task.depends_on) WHEN 'array' THEN jsonb_array_length(submit_task.depends_on) > 10000 END,
      'depends_on must have 10000 entries at most')
  ) AS rule (place, violated, message) WHERE violated ORDER BY place LIMIT 1;
  wrong := COALESCE(wrong, unstorable_payload(submit_task.payload));
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'SB422', MESSAGE = 'InvalidInput: ' || wrong;
  END IF;

  SELECT j.id, j.schema_version, j.payload_schema, j.max_attempts, j.retired_at INTO known FROM job j
  WHERE j.full_name = submit_task.job AND j.room IN (submit_task.room, '@global');
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'SB404', MESSAGE = 'JobNotFound: There is no job ' || submit_task.job || ' in ' || submit_task.room || '.',
      HINT = 'Its worker registers it; its full name is room:category:name, and its room this one or @global.';
  END IF;
  wrong := schema_violation(known.payload_schema, submit_task.payload, 'payload');
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'SB422', MESSAGE = 'InvalidInput: ' || wrong;
  END IF;

  FOR dependency IN SELECT * FROM jsonb_array_elements(submit_task.depends_on) LOOP
    IF jsonb_typeof(dependency) = 'string' THEN dependency := jsonb_build_object('task', dependency); END IF;
    IF jsonb_typeof(dependency->'task') IS DISTINCT FROM 'string' OR NOT COALESCE(dependency->>'onFailure', 'CANCEL') IN ('CANCEL', 'RUN') THEN
      RAISE EXCEPTION USING ERRCODE = 'SB422', MESSAGE = 'InvalidInput: depends_on.' || cardinality(parents)
        || ' must be the id of a task, or {"task": "task_…", "onFailure": "CANCEL" or "RUN"}';
    END IF;
    -- It must stay until the edges are there, and may change meanwhile: this lock keeps off removals alone.
    SELECT t.id, t.dependent_count INTO parent, dependents FROM task t WHERE t.id = task_uuid(dependency->>'task') FOR KEY SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'SB404', MESSAGE = 'TaskNotFound: There is no task ' || (dependency->>'task') || '.';
    END IF;
    wrong := CASE WHEN parent = ANY (parents) THEN ' is named twice'
      WHEN dependents >= 10000 THEN ' has 10000 dependents, which is the most' END;
    IF wrong IS NOT NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'SB422', MESSAGE = 'InvalidInput: depends_on.' || cardinality(parents) || wrong;
    END IF;
    parents := parents || parent;
  END LOOP;

  -- A queue takes work while its workers are away.
  IF known.retired_at IS NOT NULL THEN
    WITH revived AS (
      UPDATE job SET retired_at = NULL, last_active_at = now() WHERE id = known.id AND retired_at IS NOT NULL
      RETURNING id, room, full_name
    )
    INSERT INTO event (type, severity, room, actor, subject_kind, subject_id, payload)
    SELECT 'JOB_RESTORED', 'INFO', revived.room, author, 'job', revived.id, jsonb_build_object('job', revived.full_name) FROM revived;
  END IF;

  -- A key that its task holds no more is free, as src/store/tasks/idempotency.ts has it.
  IF submit_task.idempotency_key IS NOT NULL THEN
    UPDATE task t SET key_owner = '@free:' || t.id
    WHERE t.job_id = known.id AND t.room = submit_task.room AND t.key_owner = '' AND t.idempotency_key = submit_task.idempotency_key
      AND NOT CASE t.key_hold
        WHEN 'UNTIL_CLAIMED' THEN t.attempt = 0 AND t.status IN ('WAITING', 'PENDING')
        WHEN 'UNTIL_FINISHED' THEN t.status NOT IN ('COMPLETED', 'PARTIAL', 'FAILED', 'CANCELLED')
        WHEN 'UNTIL_TIME' THEN t.key_until > now()
        ELSE true END;
  END IF;

  WITH changed AS (
    INSERT INTO task (id, job_id, room, status, version, max_attempts, payload, priority, run_at, idempotency_key, correlation_id,
      entity_type, entity_id, labels, created_by, created_at, traceparent, limit_key, schema_version, dependency_count, key_hold, key_until)
    VALUES (new_id, known.id, submit_task.room,
      (CASE cardinality(parents) WHEN 0 THEN 'PENDING' ELSE 'WAITING' END)::task_status, 1, COALESCE(submit_task.max_attempts, known.max_attempts), submit_task.payload,
      submit_task.priority, COALESCE(submit_task.run_at, date_trunc('milliseconds', now())), submit_task.idempotency_key, submit_task.correlation_id,
      submit_task.entity_type, submit_task.entity_id, submit_task.labels, author, date_trunc('milliseconds', now()), submit_task.traceparent,
      submit_task.limit_key, known.schema_version, cardinality(parents),
      (CASE WHEN submit_task.hold_key_seconds IS NOT NULL THEN 'UNTIL_TIME' ELSE NULLIF(submit_task.hold_key, 'FOREVER') END)::key_hold,
      date_trunc('milliseconds', now()) + submit_task.hold_key_seconds * interval '1 second')
    ON CONFLICT (job_id, room, key_owner, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
    RETURNING *
  ), logged AS (
    INSERT INTO task_transition (at, task_id, version, room, job_id, to_status, reason, attempt, actor, due_at)
    SELECT now(), id, 1, room, job_id, status, 'SUBMITTED', 0, created_by, CASE WHEN status = 'PENDING' AND run_at > now() THEN run_at END
    FROM changed
  ), enqueued AS (
    INSERT INTO task_queue (job_id, priority, run_at, task_id, version, room, ready)
    SELECT job_id, priority, run_at, id, version, room, run_at <= now() FROM changed WHERE status = 'PENDING'
  ), linked AS (
    INSERT INTO task_dependency (task_id, place, parent_id, runs_on_failure)
    SELECT id, wanted.place - 1, parents[wanted.place], COALESCE(wanted.dependency->>'onFailure', '') = 'RUN'
    FROM changed, jsonb_array_elements(submit_task.depends_on) WITH ORDINALITY AS wanted (dependency, place)
  ), noted AS (
    INSERT INTO sql_submission (task_id, status) SELECT id, status FROM changed
  )
  SELECT id INTO existing FROM changed;

  IF existing IS NULL THEN
    -- By a statement of its own, which sees who was faster.
    SELECT t.id INTO existing FROM task t
    WHERE t.job_id = known.id AND t.room = submit_task.room AND t.key_owner = '' AND t.idempotency_key = submit_task.idempotency_key;
    RETURN QUERY SELECT type_id('task', existing), true;
    RETURN;
  END IF;
  -- Servers listen; it arrives with the commit, once for each job.
  PERFORM pg_notify('signalbox_submitted_' || 'task'::regclass::oid, known.id::text);
  RETURN QUERY SELECT type_id('task', new_id), false;
END $body$
  $create$, current_schema());

  -- Whoever may call it submits to every room: nobody may unless it is granted.
  REVOKE ALL ON FUNCTION "submit_task" FROM PUBLIC;
  FOREACH role IN ARRAY granted LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION submit_task TO %s', role::regrole);
  END LOOP;
END $outer$;
