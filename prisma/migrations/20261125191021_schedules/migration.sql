-- CreateEnum
CREATE TYPE "schedule_overlap" AS ENUM ('SKIP', 'QUEUE', 'ALLOW');

-- CreateEnum
CREATE TYPE "schedule_run_status" AS ENUM ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED');

-- CreateTable
CREATE TABLE "schedule" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "cron" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "overlap" "schedule_overlap" NOT NULL,
    "catch_up_seconds" INTEGER NOT NULL,
    "paused_at" TIMESTAMPTZ(3),
    "next_run_at" TIMESTAMPTZ(3),
    "room" TEXT,
    "job_id" UUID,
    "payload" JSONB,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "operation" TEXT,
    "parameters" JSONB,
    "dry_run" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "schedule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "schedule_run" (
    "id" UUID NOT NULL,
    "schedule_id" UUID NOT NULL,
    "tick" TIMESTAMPTZ(3),
    "status" "schedule_run_status" NOT NULL,
    "detail" TEXT,
    "triggered_by" TEXT NOT NULL,
    "task_id" UUID,
    "operation_run_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "schedule_run_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "schedule_name_key" ON "schedule"("name");

-- CreateIndex
CREATE INDEX "schedule_due_idx" ON "schedule"("next_run_at") WHERE (next_run_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "schedule_run_schedule_id_id_idx" ON "schedule_run"("schedule_id", "id");

-- CreateIndex
CREATE INDEX "schedule_run_open_idx" ON "schedule_run"("schedule_id", "status") WHERE (status IN ('QUEUED'::schedule_run_status, 'RUNNING'::schedule_run_status));

-- CreateIndex
CREATE UNIQUE INDEX "schedule_run_schedule_id_tick_key" ON "schedule_run"("schedule_id", "tick");

-- AddForeignKey
ALTER TABLE "schedule_run" ADD CONSTRAINT "schedule_run_schedule_id_fkey" FOREIGN KEY ("schedule_id") REFERENCES "schedule"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A schedule is of tasks or of operations.
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_of_one_kind" CHECK (("job_id" IS NULL) <> ("operation" IS NULL));
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_task_is_whole" CHECK ("job_id" IS NULL OR ("room" IS NOT NULL AND "payload" IS NOT NULL));
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_catch_up_in_bounds" CHECK ("catch_up_seconds" BETWEEN 60 AND 604800);
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_paused_is_never_due" CHECK ("paused_at" IS NULL OR "next_run_at" IS NULL);

ALTER TABLE "schedule_run" ADD CONSTRAINT "schedule_run_started_when_running" CHECK ("status" <> 'RUNNING' OR "started_at" IS NOT NULL);
ALTER TABLE "schedule_run" ADD CONSTRAINT "schedule_run_finished_when_ended" CHECK (("status" IN ('QUEUED', 'RUNNING')) = ("finished_at" IS NULL));
ALTER TABLE "schedule_run" ADD CONSTRAINT "schedule_run_says_why" CHECK ("status" <> 'SKIPPED' OR "detail" IS NOT NULL);
