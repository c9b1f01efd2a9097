-- AlterTable
ALTER TABLE "job" ADD COLUMN     "last_active_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "task" ADD COLUMN     "claimed_at" TIMESTAMPTZ(3),
ADD COLUMN     "discarded_at" TIMESTAMPTZ(3),
ADD COLUMN     "discarded_by" TEXT;

-- CreateIndex
CREATE INDEX "task_dead_letter_idx" ON "task"("id") WHERE (status = 'FAILED'::task_status);

-- CreateIndex
CREATE INDEX "task_waiting_idx" ON "task"("job_id") WHERE (status = 'WAITING'::task_status);

-- CreateIndex
CREATE INDEX "task_stop_task_id_idx" ON "task_stop"("task_id");

-- Only a dead letter can be discarded, and it is known by whom.
ALTER TABLE "task" ADD CONSTRAINT "task_discarded_is_dead_letter" CHECK ("discarded_at" IS NULL OR "status" = 'FAILED');
ALTER TABLE "task" ADD CONSTRAINT "task_discarded_by_somebody" CHECK (("discarded_at" IS NULL) = ("discarded_by" IS NULL));
