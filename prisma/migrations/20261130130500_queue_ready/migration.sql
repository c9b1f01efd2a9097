-- A claim must never walk over what it cannot take. What is due stands in the order of the claim; what is delayed stands
-- in the order of its time, and is moved by the claims of its job when that has come.
ALTER TABLE "task_queue" ADD COLUMN "ready" BOOLEAN NOT NULL DEFAULT true;
UPDATE "task_queue" SET "ready" = false WHERE "run_at" > now();
ALTER TABLE "task_queue" ALTER COLUMN "ready" DROP DEFAULT;

DROP INDEX "task_queue_order";
CREATE UNIQUE INDEX "task_queue_order" ON "task_queue"("job_id", "priority" DESC, "run_at", "task_id", "version") WHERE (ready);
CREATE INDEX "task_queue_delayed_idx" ON "task_queue"("job_id", "run_at") WHERE (NOT ready);
