-- A paused job is not among the jobs that a worker may claim: its tasks keep their places in the order of the claim, and
-- no claim looks at them. What may be claimed stands in the row of the worker, which every claim locks.
ALTER TABLE "job" ADD COLUMN     "gated" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "paused" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE "worker" ADD COLUMN     "gated" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "open_jobs" UUID[] DEFAULT ARRAY[]::UUID[];

UPDATE "worker" SET "open_jobs" = ARRAY(SELECT served.job_id FROM worker_job served WHERE served.worker_id = worker.id);

CREATE TABLE "job_pause" (
    "job_id" UUID NOT NULL,
    "room" TEXT NOT NULL,
    "paused_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "paused_by" TEXT NOT NULL,
    "reason" TEXT,

    CONSTRAINT "job_pause_pkey" PRIMARY KEY ("job_id","room")
);

-- Tasks that have to wait at a gate stand in the queue, but not in the order of the claim.
CREATE TABLE "task_gate" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "job_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "running" INTEGER NOT NULL DEFAULT 0,
    "opens_at" TIMESTAMPTZ(3),

    CONSTRAINT "task_gate_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "task_gate_running_not_negative" CHECK ("running" >= 0)
);

CREATE UNIQUE INDEX "task_gate_job_id_name_key_key" ON "task_gate"("job_id", "name", "key");
CREATE INDEX "task_gate_job_id_opens_at_idx" ON "task_gate"("job_id", "opens_at") WHERE (opens_at IS NOT NULL);

ALTER TABLE "task_queue" ADD COLUMN     "gate_id" UUID;
DROP INDEX "task_queue_delayed_idx";
CREATE INDEX "task_queue_delayed_idx" ON "task_queue"("job_id", "run_at") WHERE (NOT ready AND gate_id IS NULL);
CREATE INDEX "task_queue_gate_idx" ON "task_queue"("gate_id", "ready", "priority" DESC, "run_at", "task_id") WHERE (gate_id IS NOT NULL);

ALTER TABLE "task_hold" ADD COLUMN     "gates" UUID[];
