-- AlterTable
ALTER TABLE "task" ADD COLUMN     "traceparent" TEXT;

-- CreateTable
CREATE TABLE "asset" (
    "id" UUID NOT NULL,
    "task_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "location" TEXT NOT NULL,
    "is_url" BOOLEAN NOT NULL,
    "size" BIGINT,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "asset_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "asset_task_id_attempt_location_key" ON "asset"("task_id", "attempt", "location");

-- AddForeignKey
ALTER TABLE "asset" ADD CONSTRAINT "asset_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "task"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the API bounds: a location has to fit the index, whatever happens before it.
ALTER TABLE "asset" ADD CONSTRAINT "asset_location_length" CHECK (octet_length("location") BETWEEN 1 AND 2048);
ALTER TABLE "asset" ADD CONSTRAINT "asset_size_not_negative" CHECK ("size" >= 0);
ALTER TABLE "asset" ADD CONSTRAINT "asset_attempt_positive" CHECK ("attempt" >= 1);
ALTER TABLE "task" ADD CONSTRAINT "task_traceparent_length" CHECK (char_length("traceparent") = 55);
