-- AlterTable
ALTER TABLE "log_epoch" ADD COLUMN     "trimmed_id" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "trimmed_xid" xid8 NOT NULL DEFAULT '0'::xid8;
