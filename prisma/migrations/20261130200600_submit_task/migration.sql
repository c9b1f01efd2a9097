-- Submission by SQL, within a transaction of the application: docs/transactions.md.
--
--   check what was given ─▶ find the job ─▶ check the payload ─▶ task, log, queue ─▶ NOTIFY, delivered with the commit
--
-- It writes what src/store/tasks/submit.ts writes: test/store/tasks/submit-by-sql.test.ts compares the two. Nothing of it is locked
-- beyond the task itself, since the transaction may stay open for long.

-- The first way in which a value does not have the form that its JSON Schema asks for; null where it has. Only keywords that can
-- be decided by themselves are looked at: type, enum, const, required, properties, items and bounds. Whatever else the schema says,
-- a value that fails here is not valid.
CREATE FUNCTION "schema_violation"(schema jsonb, value jsonb, path text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  kind text := jsonb_typeof(value);
  wanted jsonb;
  found text;
  key text;
  inner_value jsonb;
  place int := 0;
BEGIN
  IF schema = 'false'::jsonb THEN RETURN path || ' must not be there'; END IF;
  IF jsonb_typeof(schema) <> 'object' THEN RETURN NULL; END IF;

  wanted := CASE jsonb_typeof(schema->'type') WHEN 'string' THEN jsonb_build_array(schema->'type') ELSE schema->'type' END;
  IF jsonb_typeof(wanted) = 'array' AND NOT wanted ? kind
    AND NOT (wanted ? 'integer' AND kind = 'number' AND (value#>>'{}')::numeric % 1 = 0)
  THEN
    RETURN path || ' must be ' || (SELECT string_agg(one, ' or ') FROM jsonb_array_elements_text(wanted) AS entry (one));
  END IF;
  IF schema ? 'const' AND value IS DISTINCT FROM schema->'const' THEN
    RETURN path || ' must be ' || (schema->>'const');
  END IF;
  IF jsonb_typeof(schema->'enum') = 'array'
    AND NOT EXISTS (SELECT FROM jsonb_array_elements(schema->'enum') AS entry (one) WHERE one = value)
  THEN
    RETURN path || ' must be one of ' || (schema->>'enum');
  END IF;

  IF kind = 'object' THEN
    IF jsonb_typeof(schema->'required') = 'array' THEN
      SELECT one INTO found FROM jsonb_array_elements_text(schema->'required') AS entry (one) WHERE NOT value ? one LIMIT 1;
      IF found IS NOT NULL THEN RETURN path || '.' || found || ' is required'; END IF;
    END IF;
    IF jsonb_typeof(schema->'properties') = 'object' THEN
      -- Unknown where no pattern can allow it.
      IF schema->'additionalProperties' = 'false'::jsonb AND NOT schema ? 'patternProperties' THEN
        SELECT one INTO found FROM jsonb_object_keys(value) AS entry (one) WHERE NOT schema->'properties' ? one LIMIT 1;
        IF found IS NOT NULL THEN RETURN path || '.' || found || ' is not known'; END IF;
      END IF;
      FOR key, inner_value IN SELECT * FROM jsonb_each(value) LOOP
        CONTINUE WHEN NOT schema->'properties' ? key;
        found := schema_violation(schema->'properties'->key, inner_value, path || '.' || key);
        IF found IS NOT NULL THEN RETURN found; END IF;
      END LOOP;
    END IF;
  ELSIF kind = 'array' AND jsonb_typeof(schema->'items') IN ('object', 'boolean') AND NOT schema ? 'prefixItems' THEN
    FOR inner_value IN SELECT * FROM jsonb_array_elements(value) LOOP
      found := schema_violation(schema->'items', inner_value, path || '.' || place);
      IF found IS NOT NULL THEN RETURN found; END IF;
      place := place + 1;
    END LOOP;
  ELSIF kind = 'number' THEN
    IF (value#>>'{}')::numeric < (CASE jsonb_typeof(schema->'minimum') WHEN 'number' THEN (schema->>'minimum')::numeric END) THEN
      RETURN path || ' must be >= ' || (schema->>'minimum');
    END IF;
    IF (value#>>'{}')::numeric > (CASE jsonb_typeof(schema->'maximum') WHEN 'number' THEN (schema->>'maximum')::numeric END) THEN
      RETURN path || ' must be <= ' || (schema->>'maximum');
    END IF;
  ELSIF kind = 'string' THEN
    IF char_length(value#>>'{}') < (CASE jsonb_typeof(schema->'minLength') WHEN 'number' THEN (schema->>'minLength')::numeric END) THEN
      RETURN path || ' must NOT have fewer than ' || (schema->>'minLength') || ' characters';
    END IF;
    IF char_length(value#>>'{}') > (CASE jsonb_typeof(schema->'maxLength') WHEN 'number' THEN (schema->>'maxLength')::numeric END) THEN
      RETURN path || ' must NOT have more than ' || (schema->>'maxLength') || ' characters';
    END IF;
  END IF;
  RETURN NULL;
END $$;

-- Why the payload cannot be stored whatever the job; null where it can.
CREATE FUNCTION "unstorable_payload"(payload jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN octet_length(payload::text) > 262144 THEN 'payload must have 262144 bytes at most'
    -- Objects and lists of level 64; the root has level 0.
    WHEN jsonb_path_exists(payload, 'strict $.**{64 to last} ? (@.type() == "object" || @.type() == "array")')
      THEN 'payload may be nested 64 levels deep at most'
    ELSE (
      SELECT 'payload has ' || left(number, 40) || ', which would be rounded: numbers are exact up to 9007199254740991 (2^53 - 1); send it as a string'
      FROM (
        SELECT found #>> '{}' AS number FROM jsonb_path_query(payload,
          'strict $.** ? (@.type() == "number" && (@ > 9007199254740991 || @ < -9007199254740991))') AS found
      ) beyond
      -- What is as exact as a double can be stays the same number: 1e300.
      WHERE CASE WHEN abs(number::numeric) > 1.7976931348623157e308::numeric THEN true
        ELSE number::float8::text::numeric <> number::numeric END
      LIMIT 1
    )
  END
$$;

DO $outer$
BEGIN
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
  limit_key text DEFAULT NULL
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
    (14, submit_task.payload IS NULL, 'payload must not be null: leave it out, or give ''{}''')
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
      entity_type, entity_id, labels, created_by, created_at, traceparent, limit_key, schema_version)
    VALUES (new_id, known.id, submit_task.room, 'PENDING', 1, COALESCE(submit_task.max_attempts, known.max_attempts), submit_task.payload,
      submit_task.priority, COALESCE(submit_task.run_at, date_trunc('milliseconds', now())), submit_task.idempotency_key, submit_task.correlation_id,
      submit_task.entity_type, submit_task.entity_id, submit_task.labels, author, date_trunc('milliseconds', now()), submit_task.traceparent,
      submit_task.limit_key, known.schema_version)
    ON CONFLICT (job_id, room, key_owner, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
    RETURNING *
  ), logged AS (
    INSERT INTO task_transition (at, task_id, version, room, job_id, to_status, reason, attempt, actor, due_at)
    SELECT now(), id, 1, room, job_id, status, 'SUBMITTED', 0, created_by, CASE WHEN run_at > now() THEN run_at END FROM changed
  ), enqueued AS (
    INSERT INTO task_queue (job_id, priority, run_at, task_id, version, room, ready)
    SELECT job_id, priority, run_at, id, version, room, run_at <= now() FROM changed
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
END $outer$;

-- Whoever may call it submits to every room: nobody may unless it is granted.
REVOKE ALL ON FUNCTION "submit_task"(text, text, jsonb, int, timestamptz, text, text, text, text, jsonb, int, text, text, text) FROM PUBLIC;
