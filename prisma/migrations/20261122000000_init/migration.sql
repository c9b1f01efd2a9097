-- CreateEnum
CREATE TYPE "task_status" AS ENUM ('WAITING', 'PENDING', 'CLAIMED', 'RUNNING', 'COMPLETED', 'PARTIAL', 'FAILED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "transition_reason" AS ENUM ('SUBMITTED', 'UNBLOCKED', 'CLAIMED', 'STARTED', 'COMPLETED', 'FAILED', 'RETRY_SCHEDULED', 'RETRY_REQUESTED', 'RELEASED', 'WORKER_LOST', 'TIMED_OUT', 'CANCELLED', 'DEPENDENCY_FAILED');

-- CreateTable
CREATE TABLE "log_epoch" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "epoch" UUID NOT NULL DEFAULT gen_random_uuid(),

    CONSTRAINT "log_epoch_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "log_epoch_single_row" CHECK ("id" = 1)
);
INSERT INTO "log_epoch" DEFAULT VALUES;

-- CreateTable
CREATE TABLE "job" (
    "id" UUID NOT NULL,
    "room" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "full_name" TEXT NOT NULL,
    "description" TEXT,
    "payload_schema" JSONB NOT NULL,
    "result_schema" JSONB,
    "max_attempts" INTEGER NOT NULL,
    "backoff_seconds" DOUBLE PRECISION[],
    "timeout_seconds" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "job_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "job_full_name_is_address" CHECK ("full_name" = "room" || ':' || "category" || ':' || "name"),
    CONSTRAINT "job_max_attempts_positive" CHECK ("max_attempts" >= 1),
    CONSTRAINT "job_backoff_given" CHECK (cardinality("backoff_seconds") >= 1),
    CONSTRAINT "job_timeout_positive" CHECK ("timeout_seconds" > 0)
);

-- CreateTable
CREATE TABLE "worker" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "capacity" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_heartbeat_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "worker_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "worker_capacity_positive" CHECK ("capacity" >= 1)
);

-- CreateTable
CREATE TABLE "worker_job" (
    "worker_id" UUID NOT NULL,
    "job_id" UUID NOT NULL,

    CONSTRAINT "worker_job_pkey" PRIMARY KEY ("worker_id","job_id")
);

-- CreateTable
CREATE TABLE "task_stop" (
    "worker_id" UUID NOT NULL,
    "task_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "stopped_at" TIMESTAMPTZ(3),

    CONSTRAINT "task_stop_pkey" PRIMARY KEY ("worker_id","task_id","attempt")
);

-- CreateTable
CREATE TABLE "task" (
    "id" UUID NOT NULL,
    "job_id" UUID NOT NULL,
    "room" TEXT NOT NULL,
    "status" "task_status" NOT NULL,
    "version" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "max_attempts" INTEGER NOT NULL,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "run_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "worker_id" UUID,
    "progress" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "progress_message" TEXT,
    "created_by" TEXT NOT NULL,
    "correlation_id" TEXT,
    "entity_type" TEXT,
    "entity_id" TEXT,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "idempotency_key" TEXT,
    "payload" JSONB NOT NULL,
    "result" JSONB,
    "error" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "task_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "task_room_length" CHECK (length("room") BETWEEN 1 AND 128),
    CONSTRAINT "task_version_positive" CHECK ("version" >= 1),
    CONSTRAINT "task_attempt_not_negative" CHECK ("attempt" >= 0),
    CONSTRAINT "task_failures_in_budget" CHECK ("failures" BETWEEN 0 AND "max_attempts"),
    CONSTRAINT "task_max_attempts_positive" CHECK ("max_attempts" >= 1),
    CONSTRAINT "task_progress_in_percent" CHECK ("progress" >= 0 AND "progress" <= 100),
    CONSTRAINT "task_finished_when_terminal" CHECK (("status" IN ('COMPLETED', 'PARTIAL', 'FAILED', 'CANCELLED')) = ("finished_at" IS NOT NULL)),
    CONSTRAINT "task_held_by_worker" CHECK (("status" IN ('CLAIMED', 'RUNNING')) = ("worker_id" IS NOT NULL)),
    CONSTRAINT "task_started_when_running" CHECK ("status" <> 'RUNNING' OR "started_at" IS NOT NULL),
    CONSTRAINT "task_failed_with_error" CHECK ("status" <> 'FAILED' OR "error" IS NOT NULL)
);

-- CreateTable
CREATE TABLE "task_transition" (
    "task_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "horizon" xid8 NOT NULL DEFAULT pg_snapshot_xmin(pg_current_snapshot()),
    "room" TEXT NOT NULL,
    "job_id" UUID NOT NULL,
    "from_status" "task_status",
    "to_status" "task_status" NOT NULL,
    "reason" "transition_reason" NOT NULL,
    "attempt" INTEGER NOT NULL,
    "worker_id" UUID,
    "actor" TEXT NOT NULL,
    "note" TEXT,
    "error" JSONB,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "task_transition_pkey" PRIMARY KEY ("task_id","version"),
    CONSTRAINT "task_transition_first_has_no_from" CHECK (("version" = 1) = ("from_status" IS NULL))
);

-- CreateIndex
CREATE UNIQUE INDEX "job_full_name_key" ON "job"("full_name");

-- CreateIndex
CREATE INDEX "job_room_category_id_idx" ON "job"("room", "category", "id");

-- CreateIndex
CREATE INDEX "worker_owner_idx" ON "worker"("owner");

-- CreateIndex
CREATE INDEX "worker_job_job_id_idx" ON "worker_job"("job_id");

-- CreateIndex
CREATE INDEX "task_room_id_idx" ON "task"("room", "id");

-- CreateIndex
CREATE INDEX "task_created_by_id_idx" ON "task"("created_by", "id");

-- CreateIndex
CREATE INDEX "task_job_id_id_idx" ON "task"("job_id", "id");

-- CreateIndex
CREATE INDEX "task_transition_xid_id_idx" ON "task_transition"("xid", "id");

-- The claim: only what can be claimed, in the order in which it is.
CREATE INDEX "task_claimable_idx" ON "task"("job_id", "priority" DESC, "run_at", "id") WHERE "status" = 'PENDING';

-- What becomes due: delayed tasks and scheduled retries.
CREATE INDEX "task_due_idx" ON "task"("run_at") WHERE "status" = 'PENDING';

-- What a worker holds.
CREATE INDEX "task_held_idx" ON "task"("worker_id") WHERE "worker_id" IS NOT NULL;

-- Lists by status: everything but the bulk, which is COMPLETED and found through the room.
CREATE INDEX "task_room_status_id_idx" ON "task"("room", "status", "id") WHERE "status" <> 'COMPLETED';

CREATE INDEX "task_correlation_idx" ON "task"("correlation_id", "id") WHERE "correlation_id" IS NOT NULL;

CREATE UNIQUE INDEX "task_idempotency_key" ON "task"("job_id", "room", "idempotency_key") WHERE "idempotency_key" IS NOT NULL;

-- AddForeignKey
ALTER TABLE "worker_job" ADD CONSTRAINT "worker_job_worker_id_fkey" FOREIGN KEY ("worker_id") REFERENCES "worker"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "worker_job" ADD CONSTRAINT "worker_job_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task_stop" ADD CONSTRAINT "task_stop_worker_id_fkey" FOREIGN KEY ("worker_id") REFERENCES "worker"("id") ON DELETE CASCADE ON UPDATE CASCADE;
