-- AlterTable
ALTER TABLE "webhook" ADD COLUMN     "failing_since" TIMESTAMPTZ(3),
ADD COLUMN     "failures_in_row" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "resting_until" TIMESTAMPTZ(3);
