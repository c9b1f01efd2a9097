-- A status that stands in an index, be it in the condition alone, makes every update of a task write into all indexes
-- of the table, for its row must move to another place. Where no indexed column changes and the page has room, an
-- update is HOT: it writes the row alone. So the usual way of a task (PENDING, CLAIMED, RUNNING, COMPLETED) is kept out
-- of the indexes of "task", and what must be found by it is in two narrow tables.

-- What can be claimed, in the order of the claim.
CREATE TABLE "task_queue" (
    "job_id" UUID NOT NULL,
    "priority" INTEGER NOT NULL,
    "run_at" TIMESTAMPTZ(3) NOT NULL,
    "task_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "room" TEXT NOT NULL
);

-- What workers hold.
CREATE TABLE "task_hold" (
    "worker_id" UUID NOT NULL,
    "task_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "room" TEXT NOT NULL,

    CONSTRAINT "task_hold_pkey" PRIMARY KEY ("worker_id","task_id","attempt")
);

INSERT INTO "task_queue" SELECT job_id, priority, run_at, id, version, room FROM "task" WHERE status = 'PENDING';
INSERT INTO "task_hold" SELECT worker_id, id, attempt, room FROM "task" WHERE worker_id IS NOT NULL;

CREATE UNIQUE INDEX "task_queue_order" ON "task_queue"("job_id", "priority" DESC, "run_at", "task_id", "version");
CREATE INDEX "task_queue_run_at_idx" ON "task_queue"("run_at");
CREATE INDEX "task_queue_room_task_id_idx" ON "task_queue"("room", "task_id");

-- What is rare among many completed tasks, and asked for by lists.
DROP INDEX "task_claimable_idx";
DROP INDEX "task_due_idx";
DROP INDEX "task_held_idx";
DROP INDEX "task_room_status_id_idx";
DROP INDEX "task_dead_letter_idx";
DROP INDEX "task_waiting_idx";
ALTER TABLE "task" ADD COLUMN "rare_status" "task_status" GENERATED ALWAYS AS (
  NULLIF(NULLIF(NULLIF(NULLIF("status", 'PENDING'), 'CLAIMED'), 'RUNNING'), 'COMPLETED')
) STORED;
CREATE INDEX "task_rare_idx" ON "task"("room", "rare_status", "id") WHERE (rare_status IS NOT NULL);
CREATE INDEX "task_dead_letter_idx" ON "task"("id") WHERE (rare_status = 'FAILED'::task_status);
CREATE INDEX "task_waiting_idx" ON "task"("job_id") WHERE (rare_status = 'WAITING'::task_status);

-- Room on each page for the versions of its rows: one life writes two.
ALTER TABLE "task" SET (fillfactor = 50);

-- Rows come and go: their places are used again early.
ALTER TABLE "task_queue" SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_limit = 2000);
ALTER TABLE "task_hold" SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_limit = 2000);
