-- The server's own identities begin with "@", so that no subject of a token can be one of them.
UPDATE task SET created_by = '@' || created_by WHERE created_by IN ('admin', 'system');
UPDATE task SET discarded_by = '@' || discarded_by WHERE discarded_by IN ('admin', 'system');
UPDATE task_transition SET actor = '@' || actor WHERE actor IN ('admin', 'system');
UPDATE worker SET owner = '@' || owner WHERE owner IN ('admin', 'system');
UPDATE asset SET created_by = '@' || created_by WHERE created_by IN ('admin', 'system');
UPDATE schedule SET created_by = '@' || created_by WHERE created_by IN ('admin', 'system');
UPDATE schedule_run SET triggered_by = '@' || triggered_by WHERE triggered_by IN ('admin', 'system');
UPDATE operation_run SET triggered_by = '@' || triggered_by WHERE triggered_by IN ('admin', 'system');
UPDATE event SET actor = '@' || actor WHERE actor IN ('admin', 'system');
UPDATE api_key SET created_by = '@' || created_by WHERE created_by IN ('admin', 'system');
UPDATE api_key SET revoked_by = '@' || revoked_by WHERE revoked_by IN ('admin', 'system');
UPDATE webhook SET created_by = '@' || created_by WHERE created_by IN ('admin', 'system');

-- The idempotency keys of a USER are its own, and so are those of a schedule; others share those of the room.
ALTER TABLE "task" ADD COLUMN "key_owner" TEXT NOT NULL DEFAULT '';
UPDATE task SET key_owner = created_by WHERE idempotency_key IS NOT NULL AND created_by LIKE 'schedule\_%';
DROP INDEX "task_idempotency_key";
CREATE UNIQUE INDEX "task_idempotency_key" ON "task"("job_id", "room", "key_owner", "idempotency_key") WHERE (idempotency_key IS NOT NULL);
