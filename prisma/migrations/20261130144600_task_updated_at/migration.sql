-- AlterTable
ALTER TABLE "task" ADD COLUMN     "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- The newest transition of each; of a task whose history was deleted already, what it tells itself.
UPDATE "task" SET "updated_at" = COALESCE(
  (SELECT "at" FROM "task_transition" WHERE "task_id" = "task"."id" ORDER BY "version" DESC LIMIT 1),
  GREATEST("created_at", "claimed_at", "started_at", "finished_at", "discarded_at")
);
