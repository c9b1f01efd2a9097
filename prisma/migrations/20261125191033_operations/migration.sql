-- CreateEnum
CREATE TYPE "event_severity" AS ENUM ('INFO', 'WARNING', 'ERROR');

-- CreateEnum
CREATE TYPE "operation_run_status" AS ENUM ('RUNNING', 'COMPLETED', 'FAILED', 'SKIPPED');

-- AlterTable
ALTER TABLE "task_transition" ADD COLUMN     "due_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "worker" ADD COLUMN     "lost_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "operation_run" (
    "id" UUID NOT NULL,
    "serial" BIGSERIAL NOT NULL,
    "changed_xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "version" INTEGER NOT NULL DEFAULT 1,
    "operation" TEXT NOT NULL,
    "room" TEXT,
    "status" "operation_run_status" NOT NULL,
    "dry_run" BOOLEAN NOT NULL,
    "parameters" JSONB NOT NULL DEFAULT '{}',
    "metrics" JSONB NOT NULL DEFAULT '{}',
    "error" TEXT,
    "triggered_by" TEXT NOT NULL,
    "correlation_id" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "operation_run_pkey" PRIMARY KEY ("id")
);

-- A UUIDv7 of now: its first 48 bits are the milliseconds since 1970.
CREATE FUNCTION event_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
    52, 1), 53, 1), 'hex')::uuid
$$;

-- CreateTable
CREATE TABLE "event" (
    "id" UUID NOT NULL DEFAULT event_id(),
    "serial" BIGSERIAL NOT NULL,
    "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "type" TEXT NOT NULL,
    "severity" "event_severity" NOT NULL,
    "room" TEXT,
    "actor" TEXT NOT NULL,
    "correlation_id" TEXT,
    "subject_kind" TEXT,
    "subject_id" UUID,
    "payload" JSONB NOT NULL DEFAULT '{}',
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event_trim" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "xid" xid8 NOT NULL DEFAULT '0'::xid8,
    "serial" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "event_trim_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "event_trim_single_row" CHECK ("id" = 1)
);
INSERT INTO "event_trim" DEFAULT VALUES;

-- CreateTable
CREATE TABLE "rollup" (
    "id" BIGSERIAL NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "room" TEXT,
    "job_id" UUID,
    "source" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "to_status" "task_status",
    "count" INTEGER NOT NULL,
    "duration_ms" BIGINT NOT NULL DEFAULT 0,
    "durations" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "rollup_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rollup_hour" (
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "rolled_up_at" TIMESTAMPTZ(3),
    "is_final" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "rollup_hour_pkey" PRIMARY KEY ("hour")
);

-- CreateTable
CREATE TABLE "log_mark" (
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "horizon" xid8 NOT NULL DEFAULT pg_snapshot_xmin(pg_current_snapshot()),
    "next" xid8 NOT NULL DEFAULT pg_snapshot_xmax(pg_current_snapshot()),

    CONSTRAINT "log_mark_pkey" PRIMARY KEY ("at")
);

-- CreateIndex
CREATE INDEX "operation_run_operation_id_idx" ON "operation_run"("operation", "id");

-- CreateIndex
CREATE INDEX "operation_run_room_id_idx" ON "operation_run"("room", "id");

-- CreateIndex
CREATE INDEX "operation_run_changed_xid_serial_idx" ON "operation_run"("changed_xid", "serial");

-- CreateIndex
CREATE INDEX "operation_run_running_idx" ON "operation_run"("operation", "room") WHERE (status = 'RUNNING'::operation_run_status);

-- CreateIndex
CREATE INDEX "event_xid_serial_idx" ON "event"("xid", "serial");

-- CreateIndex
CREATE INDEX "event_type_id_idx" ON "event"("type", "id");

-- CreateIndex
CREATE INDEX "event_room_id_idx" ON "event"("room", "id") WHERE (room IS NOT NULL);

-- CreateIndex
CREATE INDEX "event_correlation_id_id_idx" ON "event"("correlation_id", "id") WHERE (correlation_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "event_notable_idx" ON "event"("id") WHERE (severity <> 'INFO'::event_severity);

-- CreateIndex
CREATE INDEX "rollup_hour_job_id_idx" ON "rollup"("hour", "job_id");

-- An ended run has an end, and what failed or was skipped says why.
ALTER TABLE "operation_run" ADD CONSTRAINT "operation_run_finished_when_ended" CHECK (("status" = 'RUNNING') = ("finished_at" IS NULL));
ALTER TABLE "operation_run" ADD CONSTRAINT "operation_run_error_when_not_done" CHECK (("status" IN ('FAILED', 'SKIPPED')) = ("error" IS NOT NULL));
ALTER TABLE "operation_run" ADD CONSTRAINT "operation_run_error_length" CHECK (length("error") <= 1000);
ALTER TABLE "operation_run" ADD CONSTRAINT "operation_run_version_positive" CHECK ("version" >= 1);

ALTER TABLE "event" ADD CONSTRAINT "event_subject_whole" CHECK (("subject_kind" IS NULL) = ("subject_id" IS NULL));
ALTER TABLE "rollup" ADD CONSTRAINT "rollup_source_known" CHECK ("source" IN ('TRANSITION', 'EVENT'));
ALTER TABLE "rollup" ADD CONSTRAINT "rollup_count_positive" CHECK ("count" >= 1);
