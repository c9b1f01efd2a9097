-- AlterTable
ALTER TABLE "task_removal" DROP COLUMN "count";
