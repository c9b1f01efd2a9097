-- CreateEnum
CREATE TYPE "statistic_grain" AS ENUM ('MINUTE', 'HOUR', 'DAY');

-- CreateEnum
CREATE TYPE "statistic_measure" AS ENUM ('SUBMITTED', 'COMPLETED', 'PARTIAL', 'FAILED', 'CANCELLED', 'ATTEMPT_FAILED', 'WAIT', 'RUN');

-- CreateTable
CREATE TABLE "statistic_position" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "xid" xid8 NOT NULL DEFAULT '0'::xid8,
    "log_id" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "statistic_position_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "task_count" (
    "room" TEXT NOT NULL,
    "job_id" UUID NOT NULL,
    "status" "task_status" NOT NULL,
    "count" BIGINT NOT NULL,

    CONSTRAINT "task_count_pkey" PRIMARY KEY ("room","job_id","status")
);

-- CreateTable
CREATE TABLE "statistic" (
    "grain" "statistic_grain" NOT NULL,
    "at" TIMESTAMPTZ(0) NOT NULL,
    "room" TEXT NOT NULL,
    "job_id" UUID NOT NULL,
    "measure" "statistic_measure" NOT NULL,
    "cell" INTEGER NOT NULL,
    "count" BIGINT NOT NULL,

    CONSTRAINT "statistic_pkey" PRIMARY KEY ("grain","room","job_id","at","measure","cell")
);

-- CreateIndex
CREATE INDEX "statistic_grain_at_idx" ON "statistic"("grain", "at");

ALTER TABLE "statistic_position" ADD CONSTRAINT "statistic_position_single_row" CHECK ("id" = 1);
INSERT INTO "statistic_position" DEFAULT VALUES;

-- Whoever deletes tasks takes them out of the counts, in the same transaction.
CREATE FUNCTION "uncount_deleted_tasks"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "task_count" ("room", "job_id", "status", "count")
  SELECT "room", "job_id", "status", -count(*) FROM "deleted" GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT ("room", "job_id", "status") DO UPDATE SET "count" = "task_count"."count" + excluded."count";
  RETURN NULL;
END $$;
CREATE TRIGGER "task_uncount" AFTER DELETE ON "task" REFERENCING OLD TABLE AS "deleted"
  FOR EACH STATEMENT EXECUTE FUNCTION "uncount_deleted_tasks"();
