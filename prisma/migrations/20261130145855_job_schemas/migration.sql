-- AlterTable
ALTER TABLE "job" ADD COLUMN     "schema_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "task" ADD COLUMN     "schema_version" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "job_schema" (
    "job_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "payload_schema" JSONB NOT NULL,
    "result_schema" JSONB,
    "digest" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "job_schema_pkey" PRIMARY KEY ("job_id","version")
);

-- CreateIndex
CREATE UNIQUE INDEX "job_schema_job_id_digest_key" ON "job_schema"("job_id", "digest");

-- AddForeignKey
ALTER TABLE "job_schema" ADD CONSTRAINT "job_schema_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "job_schema" ADD CONSTRAINT "job_schema_version_check" CHECK ("version" >= 1);

-- What jobs have been registered with until now is their first version.
INSERT INTO "job_schema" ("job_id", "version", "payload_schema", "result_schema", "created_at", "created_by")
SELECT "id", 1, "payload_schema", "result_schema", "created_at", '@system' FROM "job";
