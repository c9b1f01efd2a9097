-- CreateEnum
CREATE TYPE "bulk_action" AS ENUM ('CANCEL', 'RETRY', 'DISCARD');

-- CreateEnum
CREATE TYPE "bulk_status" AS ENUM ('PLANNED', 'RUNNING', 'COMPLETED', 'STOPPED');

-- CreateTable
CREATE TABLE "bulk_run" (
    "id" UUID NOT NULL,
    "action" "bulk_action" NOT NULL,
    "status" "bulk_status" NOT NULL DEFAULT 'PLANNED',
    "note" TEXT,
    "matching" INTEGER NOT NULL,
    "at_least" BOOLEAN NOT NULL,
    "permitted" INTEGER NOT NULL,
    "by_status" JSONB NOT NULL,
    "sample" UUID[],
    "done" INTEGER NOT NULL DEFAULT 0,
    "refused" INTEGER NOT NULL DEFAULT 0,
    "next_part" INTEGER NOT NULL DEFAULT 0,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "bulk_run_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "bulk_run_finished_when_ended" CHECK (("status" IN ('COMPLETED', 'STOPPED')) = ("finished_at" IS NOT NULL)),
    CONSTRAINT "bulk_run_counts_no_more_than_planned" CHECK ("done" + "refused" <= "permitted")
);

-- CreateTable
CREATE TABLE "bulk_part" (
    "bulk_id" UUID NOT NULL,
    "place" INTEGER NOT NULL,
    "task_ids" UUID[],

    CONSTRAINT "bulk_part_pkey" PRIMARY KEY ("bulk_id","place")
);

-- CreateIndex
CREATE INDEX "bulk_run_running_idx" ON "bulk_run"("updated_at") WHERE (status = 'RUNNING'::bulk_status);

-- AddForeignKey
ALTER TABLE "bulk_part" ADD CONSTRAINT "bulk_part_bulk_id_fkey" FOREIGN KEY ("bulk_id") REFERENCES "bulk_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;
