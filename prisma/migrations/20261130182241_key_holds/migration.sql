-- CreateEnum
CREATE TYPE "key_hold" AS ENUM ('UNTIL_CLAIMED', 'UNTIL_FINISHED', 'UNTIL_TIME');

-- AlterTable
ALTER TABLE "task" ADD COLUMN     "key_hold" "key_hold",
ADD COLUMN     "key_until" TIMESTAMPTZ(3);

ALTER TABLE "task" ADD CONSTRAINT "task_key_hold_of_a_key" CHECK ("key_hold" IS NULL OR "idempotency_key" IS NOT NULL);
ALTER TABLE "task" ADD CONSTRAINT "task_key_until_of_its_hold" CHECK (("key_hold" IS NOT DISTINCT FROM 'UNTIL_TIME') = ("key_until" IS NOT NULL));
