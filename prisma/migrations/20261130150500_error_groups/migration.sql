-- CreateTable
CREATE TABLE "error_group" (
    "room" TEXT NOT NULL,
    "job_id" UUID NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "code" TEXT,
    "message" TEXT NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "error_group_pkey" PRIMARY KEY ("room","job_id","fingerprint")
);

-- CreateTable
CREATE TABLE "error_tally" (
    "grain" "statistic_grain" NOT NULL,
    "at" TIMESTAMPTZ(0) NOT NULL,
    "room" TEXT NOT NULL,
    "job_id" UUID NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "count" BIGINT NOT NULL,

    CONSTRAINT "error_tally_pkey" PRIMARY KEY ("grain","room","at","job_id","fingerprint")
);

-- CreateIndex
CREATE INDEX "error_group_last_at_idx" ON "error_group"("last_at");

-- CreateIndex
CREATE INDEX "error_tally_grain_at_idx" ON "error_tally"("grain", "at");

-- Tasks whose last attempts have failed alike; paid only by those that have failed.
CREATE INDEX "task_error_fingerprint_idx" ON "task"((error->>'fingerprint'), "job_id", "id") WHERE (error IS NOT NULL);
