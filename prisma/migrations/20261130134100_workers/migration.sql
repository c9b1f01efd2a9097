-- AlterTable
ALTER TABLE "task" ADD COLUMN     "last_worker_id" UUID;

-- AlterTable
ALTER TABLE "worker" ADD COLUMN     "draining_since" TIMESTAMPTZ(3),
ADD COLUMN     "host" TEXT,
ADD COLUMN     "version" TEXT;

-- CreateTable
CREATE TABLE "worker_name" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "gone_at" TIMESTAMPTZ(3),

    CONSTRAINT "worker_name_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "worker_name_gone_at_idx" ON "worker_name"("gone_at") WHERE (gone_at IS NOT NULL);

-- What is held now, and what workers are and were called.
UPDATE "task" SET "last_worker_id" = "worker_id" WHERE "worker_id" IS NOT NULL;
INSERT INTO "worker_name" ("id", "name") SELECT "id", "name" FROM "worker" WHERE "owner" <> '@internal';
INSERT INTO "worker_name" ("id", "name", "gone_at")
  SELECT "subject_id", "payload"->>'name', now() FROM "event"
  WHERE "type" = 'WORKER_REGISTERED' AND "subject_id" IS NOT NULL AND "payload"->>'name' IS NOT NULL
  ON CONFLICT DO NOTHING;
