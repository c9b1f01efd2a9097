-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "transition_reason" ADD VALUE 'UPDATED';
ALTER TYPE "transition_reason" ADD VALUE 'DISCARDED';
ALTER TYPE "transition_reason" ADD VALUE 'RESTORED';

-- AlterTable
ALTER TABLE "task_transition" ADD COLUMN     "updates" JSONB;
