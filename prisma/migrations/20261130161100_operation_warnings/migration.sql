-- AlterTable
ALTER TABLE "operation_run" ADD COLUMN     "warnings" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];
