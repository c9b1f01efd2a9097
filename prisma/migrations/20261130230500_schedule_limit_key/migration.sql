-- AlterTable
ALTER TABLE "schedule" ADD COLUMN     "limit_key" TEXT;
